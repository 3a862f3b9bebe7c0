import * as http from "node:http";
import * as https from "node:https";
import { isNativeError } from "node:util/types";
import { onAbort } from "./on-abort";

/** Sends a request's body piece by piece; `stopped` aborts when the reply came early or the connection is gone. */
export interface BodyWriter {
  writeTo(request: http.ClientRequest, stopped: AbortSignal): Promise<void>;
}

export interface HttpRequest {
  method: string;
  url: string;
  headers: http.OutgoingHttpHeaders;
  body?: Uint8Array | string | BodyWriter;
  agent?: http.Agent;
  /** The longest silence on the connection, in either direction; notices a peer that is gone without a word. */
  idleTimeoutMs: number;
  /** The longest the whole exchange may take. */
  totalTimeoutMs: number;
  maxReplyBytes: number;
  signal?: AbortSignal;
}

export interface HttpReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** A fault below HTTP: no whole reply arrived. `code` is Node's or the system's, for example `ECONNRESET`. */
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

/** Why a body's writer is stopped; a reason of its own spares each exchange an error with its stack. */
const ENDED = "the exchange has ended";

/** Code of the fault that a proxy opened no tunnel. */
export const PROXY_REFUSED = "EPROXYREFUSED";

/**
 * One HTTP exchange over Node's own client: sends the request, returns the whole reply whatever its status.
 * A reply that arrives before the body is sent ends the sending; that connection is not used again.
 * It ends only after the body's writer has let go of the file and of its buffers, which belong to the caller.
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
    let isSettled = false;

    const settle = (conclude: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(deadline);
      clearTimeout(connecting);
      forgetSignal?.();
      stopBody.abort(ENDED);
      sending.catch(() => undefined).then(conclude);
    };
    const fail = (error: unknown): void => {
      settle(() => reject(signal?.aborted ? signal.reason : asNetworkFault(error)));
      request.destroy();
    };
    const failOf = (code: string, message: string) => (): void => fail(new NetworkFault(code, message));
    const onIdle = failOf("ETIMEDOUT", `nothing moved on the connection for ${call.idleTimeoutMs} ms`);
    const forgetSignal = signal && onAbort(signal, () => fail(signal.reason));

    const deadline = setTimeout(
      failOf("ETIMEDOUT", `no whole reply within ${call.totalTimeoutMs} ms`),
      call.totalTimeoutMs,
    );
    // The request's own timer begins with its socket, which an agent for a silent proxy may never bring.
    const connecting = setTimeout(onIdle, call.idleTimeoutMs);
    request.on("socket", () => clearTimeout(connecting));
    request.setTimeout(call.idleTimeoutMs, onIdle);
    request.on("error", fail);
    request.on("close", failOf("ECONNRESET", "the connection closed before a whole reply arrived"));
    // What https-proxy-agent does with a refused tunnel is a reply that no parser takes.
    request.on("proxyConnect", ({ statusCode, statusText }: { statusCode: number; statusText: string }) => {
      if (statusCode !== 200) failOf(PROXY_REFUSED, `the proxy answered ${statusCode} ${statusText} to CONNECT`)();
    });
    request.on("response", (response) => {
      stopBody.abort(ENDED);
      readReply(response, call.maxReplyBytes, fail, (reply) => {
        settle(() => resolve(reply));
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

/** Whether the whole body went out. */
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
    // An incomplete reply also ends; the request's "close" follows and tells.
    if (response.complete)
      done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) });
  });
}

/** By its code, not its class: the errors of Node's own modules are of another realm under some test runners. */
function asNetworkFault(error: unknown): unknown {
  if (error instanceof NetworkFault || !isNativeError(error) || error.name === "MigrationError") return error;
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? new NetworkFault(code, error.message, error) : error;
}
