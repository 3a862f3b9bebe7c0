import type { FaultEffect } from "../faults/fault-rule";
import type { Reply } from "./reply";
import { serviceError } from "./service-error";

/** The error page of a proxy between the client and the service. */
export const PROXY_PAGE: Reply = {
  status: 502,
  headers: { "Content-Type": "text/html" },
  body: "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n",
};

/** An injected error in the format of the requested service. */
export function injectedRefusal(effect: Extract<FaultEffect, { kind: "refuse" }>, rpc: boolean): Reply {
  const reply = serviceError(effect, rpc);
  const headers = { ...reply.headers };
  if (effect.retryAfterSeconds !== undefined) headers["Retry-After"] = String(effect.retryAfterSeconds);
  if (effect.acsRetryAfterMs !== undefined) headers["x-acs-retry-after"] = String(effect.acsRetryAfterMs);
  return { ...reply, headers };
}
