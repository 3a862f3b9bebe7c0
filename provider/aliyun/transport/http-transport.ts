import * as http from "node:http";
import * as https from "node:https";
import { isNativeError } from "node:util/types";
import { migrationError } from "../../errors/migration-error";
import { agentFor } from "./http-agents";
import { onAbort } from "./on-abort";
import { type HttpProxy, proxyFor } from "./proxy";
import {
  type BodyWriter,
  NetworkFault,
  PROXY_WANTS_USER,
  REPLY_TOO_LONG,
  type RequestHeaders,
  TimeoutFault,
  type Transport,
  type TransportReply,
  type TransportRequest,
} from "./transport";

/** The longest reply body by default; bytes. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** Why a body's writer is stopped; a reason of its own spares each exchange an error with its stack. */
const ENDED = "the exchange has ended";

/** The transport over Node's own client. It holds no credentials; its connections are shared by the whole process. */
export const httpTransport: Transport = { send: exchange };

/**
 * Sends one request and returns the whole reply. A reply that arrives before the body is sent ends the sending, and that
 * connection is not used again. The promise settles only after the body's writer has released the file and its buffers,
 * which belong to the caller.
 */
function exchange(call: TransportRequest): Promise<TransportReply> {
  const { url, signal } = call;
  const overTls = url.startsWith("https:");
  return new Promise<TransportReply>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const proxy = call.isDirect ? undefined : proxyFor(call.routeUrl ?? url);
    const request = openRequest(call, overTls, proxy);
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
      settle(() => reject(signal?.aborted ? signal.reason : asNetworkFault(error, proxy)));
      request.destroy();
    };
    const failOn = (fault: () => NetworkFault) => (): void => fail(fault());
    const onTimeout = (message: string) => failOn(() => new TimeoutFault(message, proxy?.label));
    const forgetSignal = signal && onAbort(signal, () => fail(signal.reason));

    const deadline = setTimeout(onTimeout(`no whole reply within ${call.totalTimeoutMs} ms`), call.totalTimeoutMs);
    // The request's own timer begins with its open connection, which an agent for a silent proxy may never bring.
    const connecting = setTimeout(onTimeout(`no connection within ${call.connectTimeoutMs} ms`), call.connectTimeoutMs);
    const isTlsConnection = overTls || proxy?.protocol === "https:";
    onceConnected(request, isTlsConnection, () => {
      clearTimeout(connecting);
      try {
        // Nothing between this check and the write gives way to other work, so the process cannot be late by then.
        call.beforeSend?.();
      } catch (error) {
        return fail(error);
      }
      sending = sendBody(request, call.body, stopBody.signal).then((isSent) => {
        isBodySent = isSent;
      });
      sending.catch(fail);
    });
    request.setTimeout(call.idleTimeoutMs, onTimeout(`nothing moved on the connection for ${call.idleTimeoutMs} ms`));
    request.on("error", fail);
    request.on(
      "close",
      failOn(() => new NetworkFault("ECONNRESET", "the connection closed before a whole reply arrived")),
    );
    request.on("response", (response) => {
      stopBody.abort(ENDED);
      if (proxy !== undefined && response.statusCode === 407)
        return fail(new NetworkFault(PROXY_WANTS_USER, `${proxy.label} answered 407`));
      readReply(response, call.maxReplyBytes ?? MAX_REPLY_BYTES, fail, (reply) => {
        settle(() => resolve(reply));
        if (!isBodySent) request.destroy();
      });
    });
  });
}

/** Calls `connected` as soon as the request has an open connection; a connection that is used again is open already. */
function onceConnected(request: http.ClientRequest, overTls: boolean, connected: () => void): void {
  request.on("socket", (socket) => {
    // Inside a proxy's tunnel the socket below TLS is connected from the start, so `connecting` says nothing there.
    if (request.reusedSocket || !(overTls || socket.connecting)) connected();
    else socket.once(overTls ? "secureConnect" : "connect", connected);
  });
}

const isWriter = (body: TransportRequest["body"]): body is BodyWriter => typeof body === "object" && "writeTo" in body;

/** Whether the whole body went out. */
async function sendBody(
  request: http.ClientRequest,
  body: TransportRequest["body"],
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
  done: (reply: TransportReply) => void,
): void {
  const pieces: Buffer[] = [];
  let size = 0;
  response.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > maxBytes) fail(new NetworkFault(REPLY_TOO_LONG, `the reply is longer than ${maxBytes} bytes`));
    else pieces.push(piece);
  });
  response.on("error", fail);
  response.on("end", () => {
    // An incomplete reply also ends; the request's "close" follows and fails the exchange.
    if (response.complete)
      done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) });
  });
}

/** Over a proxy, an `https:` URL takes the agent's tunnel, and an `http:` one is sent to the proxy whole, its host included. */
function openRequest(call: TransportRequest, overTls: boolean, proxy: HttpProxy | undefined): http.ClientRequest {
  const { method, url, connectTimeoutMs } = call;
  const agent = agentFor(overTls, proxy);
  if (proxy === undefined || overTls) {
    const options = { method, headers: call.headers, agent, connectTimeoutMs };
    return (overTls ? https : http).request(url, options);
  }
  const { protocol, hostname, port, authorization } = proxy;
  const client = protocol === "https:" ? https : http;
  const { host, hash, username, password } = new URL(url);
  if (`${hash}${username}${password}` !== "") throw new Error("a request's URL has no fragment and no user");
  const headers = { ...withoutHost(call.headers), host };
  if (authorization !== undefined) headers["proxy-authorization"] = authorization;
  return client.request({ host: hostname, port, method, path: url, headers, agent });
}

/** The target's own host takes its place: a proxy follows it, and ali-oss writes another one for an IP address. */
const withoutHost = (headers: RequestHeaders): RequestHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "host"));

/** By its code, not its class: the errors of Node's own modules are of another realm under some test runners. */
function asNetworkFault(error: unknown, proxy: HttpProxy | undefined): unknown {
  if (!isNativeError(error) || error.name === "MigrationError") return error;
  const code: unknown = Reflect.get(error, "code");
  if (code === PROXY_WANTS_USER && proxy !== undefined)
    return migrationError("PROXY_USER_REFUSED", { proxy: proxy.label, variable: proxy.variable }, { cause: error });
  if (error instanceof NetworkFault || typeof code !== "string") return error;
  return new NetworkFault(code, error.message, error, proxy?.label);
}
