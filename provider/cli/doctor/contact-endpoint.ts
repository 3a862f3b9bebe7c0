import { proxyFor } from "../../aliyun/transport/proxy";
import { sendRequest } from "../../aliyun/transport/send-request";
import type { Contact } from "../../doctor/network";
import { fromServiceError } from "../../errors/service-error";

const TIMEOUT_MS = 5_000;

/** Sends an unsigned request, which every service refuses, for the connection and the time of the answer. */
export async function contactEndpoint(url: string): Promise<Contact> {
  const sentMs = Date.now();
  try {
    const times = { connectTimeoutMs: TIMEOUT_MS, readTimeoutMs: TIMEOUT_MS };
    const { headers } = await sendRequest({ method: "GET", url, ...times });
    const serverMs = Date.parse(headers.date ?? "");
    return {
      kind: "answered",
      serverMs: Number.isNaN(serverMs) ? undefined : serverMs,
      sentMs,
      receivedMs: Date.now(),
    };
  } catch (cause) {
    const error = fromServiceError(cause, { operation: "an unsigned GET", host: new URL(url).host });
    return { kind: "failed", error };
  }
}

/** The proxy of the requests to a URL, for messages. @throws PROXY_INVALID */
export const proxyLabel = (url: string): string | undefined => proxyFor(url)?.label;
