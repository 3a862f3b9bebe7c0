import { httpTransport } from "./http-transport";
import type { RequestHeaders, Transport, TransportReply } from "./transport";

const CONNECT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 30_000;

/** A request without Alibaba Cloud's signature, for example to an OIDC provider or the ECS metadata service. */
export interface PlainRequest {
  method: "GET" | "POST" | "PUT";
  /** With its scheme, `https:` or `http:`. */
  url: string;
  headers?: RequestHeaders;
  body?: string;
  /** @default 10000 */
  connectTimeoutMs?: number;
  /** The longest silence on the open connection; milliseconds. @default 30000 */
  readTimeoutMs?: number;
  /** Sends the request without a proxy: the metadata service answers only the machine itself. @default false */
  isDirect?: boolean;
  /** Ends the exchange with the signal's reason. */
  signal?: AbortSignal;
  /** @default httpTransport */
  transport?: Transport;
}

/**
 * Sends one request and returns the whole reply, whatever its status. The proxies, the limit of 16 MiB and the total
 * deadline (both time-outs together) are those of every service. Redirects are not followed.
 * @throws NetworkFault when no whole reply arrived
 */
export function sendRequest(request: PlainRequest): Promise<TransportReply> {
  const { method, url, headers = {}, body, isDirect, signal, transport = httpTransport } = request;
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS } = request;
  return transport.send({
    method,
    url,
    headers: { "accept-encoding": "identity", ...headers },
    body,
    isDirect,
    connectTimeoutMs,
    idleTimeoutMs: readTimeoutMs,
    totalTimeoutMs: connectTimeoutMs + readTimeoutMs,
    signal,
  });
}
