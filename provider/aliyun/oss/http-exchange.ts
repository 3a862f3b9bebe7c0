import * as http from "node:http";
import * as https from "node:https";
import { isNativeError } from "node:util/types";
import { onAbort } from "./on-abort";

/** Sends a request's body piece by piece; `stopped` aborts when the reply arrives early or the connection closes. */
export interface BodyWriter {
  writeTo(request: http.ClientRequest, stopped: AbortSignal): Promise<void>;
}

export interface HttpRequest {
  method: string;
  url: string;
  headers: http.OutgoingHttpHeaders;
  body?: Uint8Array | string | BodyWriter;
  agent?: http.Agent;
  /** The longest time without traffic in either direction; detects a peer that disappeared. */
  idleTimeoutMs: number;
  /** Limit for the whole exchange. */
  totalTimeoutMs: number;
  maxReplyBytes: number;
  signal?: AbortSignal;
}

export interface HttpReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** A fault below HTTP: no complete reply arrived. `code` is from Node or the system, for example `ECONNRESET`. */
export class NetworkFault extends Error {
  override readonly name = "NetworkFault";
  constructor(
    readonly code: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** Reason for stopping a body's writer. A constant saves the default error with its stack in each exchange. */
const ENDED = "the exchange has ended";

/** Code of the fault for a proxy that refuses to open a tunnel. */
export const PROXY_REFUSED = "EPROXYREFUSED";

/**
 * One HTTP exchange over Node's client: sends the request and returns the complete reply, whatever its status. A reply
 * that arrives before the body is sent stops the sending, and the connection is not reused. The exchange ends only
 * after the body's writer has released the file and its buffers, which belong to the caller.
 * @throws NetworkFault when no whole reply arrived; an error of the writer; the reason of an aborted `signal`
 */
export function exchange(call: HttpRequest): Promise<HttpReply> {
  const { method, headers, agent, signal } = call;
  const client = call.url.startsWith("https:") ? https : http;
  return new Promise<HttpReply>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const request = client.request(call.url, { method, headers, agent });
    const stopBody = new AbortController();
    let sending: Promise<void> = Promise.resolve();
    let isBodySent = false;
    let isFinished = false;

    const finish = (complete: () => void): void => {
      if (isFinished) return;
      isFinished = true;
      clearTimeout(deadline);
      clearTimeout(connecting);
      forgetSignal?.();
      stopBody.abort(ENDED);
      sending.catch(() => undefined).then(complete);
    };
    const fail = (error: unknown): void => {
      finish(() => reject(signal?.aborted ? signal.reason : asNetworkFault(error)));
      request.destroy();
    };
    const failOf = (code: string, message: string) => (): void => fail(new NetworkFault(code, message));
    const onIdle = failOf("ETIMEDOUT", `no traffic on the connection for ${call.idleTimeoutMs} ms`);
    const forgetSignal = signal && onAbort(signal, () => fail(signal.reason));

    const deadline = setTimeout(
      failOf("ETIMEDOUT", `no complete reply within ${call.totalTimeoutMs} ms`),
      call.totalTimeoutMs,
    );
    // The request's own timer starts with its socket, which never exists when a proxy does not answer.
    const connecting = setTimeout(onIdle, call.idleTimeoutMs);
    request.on("socket", () => clearTimeout(connecting));
    request.setTimeout(call.idleTimeoutMs, onIdle);
    request.on("error", fail);
    request.on("close", failOf("ECONNRESET", "the connection closed before a complete reply arrived"));
    // https-proxy-agent replays the reply of a refused tunnel in a form that the parser rejects, so it is handled here.
    request.on("proxyConnect", ({ statusCode, statusText }: { statusCode: number; statusText: string }) => {
      if (statusCode !== 200) failOf(PROXY_REFUSED, `the proxy answered ${statusCode} ${statusText} to CONNECT`)();
    });
    request.on("response", (response) => {
      stopBody.abort(ENDED);
      readReply(response, call.maxReplyBytes, fail, (reply) => {
        finish(() => resolve(reply));
        if (!isBodySent) request.destroy();
      });
    });

    sending = sendBody(request, call.body, stopBody.signal).then((isSent) => {
      isBodySent = isSent;
    });
    sending.catch(fail);
  });
}

const isWriter = (body: HttpRequest["body"]): body is BodyWriter => typeof body === "object" && "writeTo" in body;

/** @returns whether the whole body was sent */
async function sendBody(
  request: http.ClientRequest,
  body: HttpRequest["body"],
  stopped: AbortSignal,
): Promise<boolean> {
  if (!isWriter(body)) {
    request.end(body);
    return true;
  }
  await body.writeTo(request, stopped);
  if (stopped.aborted) return false;
  request.end();
  return true;
}

function readReply(
  response: http.IncomingMessage,
  maxBytes: number,
  fail: (error: unknown) => void,
  done: (reply: HttpReply) => void,
): void {
  const pieces: Buffer[] = [];
  let size = 0;
  response.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > maxBytes) fail(new NetworkFault("EMSGSIZE", `the reply is longer than ${maxBytes} bytes`));
    else pieces.push(piece);
  });
  response.on("error", fail);
  response.on("end", () => {
    // An incomplete reply also emits "end"; the request's "close" then reports the fault.
    if (response.complete)
      done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) });
  });
}

/** By code, not by class: under some test runners the errors of Node's modules belong to another realm. */
function asNetworkFault(error: unknown): unknown {
  if (error instanceof NetworkFault || !isNativeError(error) || error.name === "MigrationError") return error;
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? new NetworkFault(code, error.message, error) : error;
}
