import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Writable } from "node:stream";

export type RequestHeaders = OutgoingHttpHeaders;
/** Names are in lower case. */
export type ReplyHeaders = IncomingHttpHeaders;

/**
 * Sends every HTTP request of every service: OSS, RDS, RAM and STS. Proxies, time-outs and reply limits are decided
 * behind this one interface.
 */
export interface Transport {
  /**
   * Sends the request once and returns the whole reply, whatever its status. Redirects are not followed.
   * @throws NetworkFault when no whole reply arrived; an error of `beforeSend` or the body's writer; the
   *   reason of an aborted `signal`
   */
  send(request: TransportRequest): Promise<TransportReply>;
}

export interface TransportRequest {
  method: string;
  /** With its scheme, `https:` or `http:`. */
  url: string;
  headers: RequestHeaders;
  /** @default no body */
  body?: Uint8Array | string | BodyWriter;
  /**
   * The URL that the proxy variables are compared with. OSS has a host per bucket, and `NO_PROXY` names the endpoint.
   * @default url
   */
  routeUrl?: string;
  /** Ignores the proxy variables. @default false */
  isDirect?: boolean;
  /** The longest time until the connection is open, its proxy tunnel and TLS included; milliseconds. */
  connectTimeoutMs: number;
  /** The longest silence on the open connection, in either direction; milliseconds. */
  idleTimeoutMs: number;
  /** The longest time for the whole exchange, connecting included; milliseconds. */
  totalTimeoutMs: number;
  /** The longest reply body that is accepted; bytes. @default 16777216 (16 MiB) */
  maxReplyBytes?: number;
  /** Ends the exchange with the signal's reason. */
  signal?: AbortSignal;
  /** Called on the open connection before the first byte is sent. An error that it throws withholds the request. */
  beforeSend?: () => void;
}

export interface TransportReply {
  status: number;
  headers: ReplyHeaders;
  body: Buffer;
}

/** What a {@link BodyWriter} writes to: the part of Node's `ClientRequest` that it needs. */
export interface BodySink extends Pick<Writable, "write" | "destroyed" | "on" | "once" | "off"> {
  /** Null until the request has a connection. */
  readonly socket: unknown;
}

/** Writes a request's body piece by piece; `stopped` aborts when the reply came early or the connection is gone. */
export interface BodyWriter {
  writeTo(sink: BodySink, stopped: AbortSignal): Promise<void>;
}

/** A fault below HTTP: no whole reply arrived. `code` is Node's or the system's, for example `ECONNRESET`. */
export class NetworkFault extends Error {
  override readonly name: string = "NetworkFault";
  constructor(
    readonly code: string,
    message: string,
    cause?: unknown,
    /** The proxy of the request, for messages. */
    readonly proxy?: string,
  ) {
    super(message, { cause });
  }
}

/**
 * A time-out of {@link TransportRequest} passed. Its code is `ETIMEDOUT`; its name tells it from the operating system's
 * own connect time-out, which has the same code: errors/service-error.ts reports this one as NO_ANSWER.
 */
export class TimeoutFault extends NetworkFault {
  override readonly name: string = "RequestTimeoutError";
  constructor(message: string, proxy?: string) {
    super("ETIMEDOUT", message, undefined, proxy);
  }
}

/** Code of the fault that a proxy opens no tunnel, by its own decision. */
export const PROXY_REFUSED = "EPROXYREFUSED";
/** Code of the fault that a proxy opened no tunnel because it, or the network behind it, failed. */
export const PROXY_BUSY = "EPROXYBUSY";
/** Code of the fault that a proxy asks for a user and a password (407); the transport throws PROXY_USER_REFUSED for it. */
export const PROXY_WANTS_USER = "EPROXYAUTH";
/** Code of the fault that a reply is longer than {@link TransportRequest.maxReplyBytes}. */
export const REPLY_TOO_LONG = "EMSGSIZE";
