import * as http from "node:http";
import * as https from "node:https";

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

/**
 * One HTTP exchange over Node's own client: sends the request, returns the whole reply whatever its status.
 * A reply that arrives before the body is sent ends the sending; that connection is not used again.
 * @throws NetworkFault when no whole reply arrived, an abort's own reason when `signal` aborted
 */
export function exchange(call: HttpRequest): Promise<HttpReply> {
  const client = call.url.startsWith("https:") ? https : http;
  return new Promise<HttpReply>((resolve, reject) => {
    const { method, headers, agent } = call;
    const request = client.request(call.url, { method, headers, agent });
    const stopBody = new AbortController();
    let sending: Promise<void> = Promise.resolve();
    let isBodySent = false;

    const settle = (): void => {
      clearTimeout(deadline);
      clearTimeout(connecting);
      stopBody.abort();
      call.signal?.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown): void => {
      settle();
      request.destroy();
      const reason = call.signal?.aborted ? call.signal.reason : asNetworkFault(error);
      // Not before the body's writer has let go of the file and its buffers, which belong to the caller.
      sending.catch(() => undefined).then(() => reject(reason));
    };
    const onAbort = (): void => fail(call.signal?.reason);
    const deadline = setTimeout(
      () => fail(new NetworkFault("ETIMEDOUT", `no whole reply within ${call.totalTimeoutMs} ms`)),
      call.totalTimeoutMs,
    );

    const onIdle = (): void =>
      fail(new NetworkFault("ETIMEDOUT", `nothing moved on the connection for ${call.idleTimeoutMs} ms`));
    // The request's own timer begins with its socket, which an agent for a silent proxy may never bring.
    const connecting = setTimeout(onIdle, call.idleTimeoutMs);
    request.on("socket", () => clearTimeout(connecting));
    request.setTimeout(call.idleTimeoutMs, onIdle);
    request.on("error", fail);
    request.on("close", () =>
      fail(new NetworkFault("ECONNRESET", "the connection closed before a whole reply arrived")),
    );
    request.on("response", (response) => {
      stopBody.abort();
      readReply(response, call.maxReplyBytes).then((reply) => {
        settle();
        if (!isBodySent) request.destroy();
        sending.catch(() => undefined).then(() => resolve(reply));
      }, fail);
    });
    if (call.signal?.aborted) return onAbort();
    call.signal?.addEventListener("abort", onAbort, { once: true });

    sending = sendBody(request, call.body, stopBody.signal).then((sent) => {
      isBodySent = sent;
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
  if (isWriter(body)) await body.writeTo(request, stopped);
  if (isWriter(body) && stopped.aborted) return false;
  request.end(isWriter(body) ? undefined : body);
  return true;
}

function readReply(response: http.IncomingMessage, maxBytes: number): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    response.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size > maxBytes) reject(new NetworkFault("EMSGSIZE", `the reply is longer than ${maxBytes} bytes`));
      else pieces.push(piece);
    });
    response.on("error", reject);
    response.on("close", () => reject(new NetworkFault("ECONNRESET", "the reply broke off")));
    response.on("end", () => {
      if (!response.complete) return; // "close" follows and tells
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) });
    });
  });
}

function asNetworkFault(error: unknown): NetworkFault | Error {
  if (error instanceof NetworkFault || !(error instanceof Error)) {
    return error instanceof Error ? error : new NetworkFault("EUNKNOWN", String(error));
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return code === undefined ? error : new NetworkFault(code, error.message, error);
}
