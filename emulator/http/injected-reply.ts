import type { FaultEffect } from "../faults/fault-rule";
import { UNKNOWN_EC } from "../oss/oss-fault";
import { xmlDocument } from "../oss/oss-xml";
import { faultReply } from "../rpc/rpc-handler";
import { RpcFault } from "../world";
import type { Reply } from "./reply";

/** The error page of a proxy between the client and the service. */
export const PROXY_PAGE: Reply = {
  status: 502,
  headers: { "Content-Type": "text/html" },
  body: "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n",
};

/** An injected error in the format of the requested service. */
export function injectedRefusal(effect: Extract<FaultEffect, { kind: "refuse" }>, rpc: boolean): Reply {
  const reply = rpc
    ? faultReply(new RpcFault(effect.status, effect.code, effect.message), "other")
    : ossRefusal(effect.status, effect.code, effect.message);
  const headers = { ...reply.headers };
  if (effect.retryAfterSeconds !== undefined) headers["Retry-After"] = String(effect.retryAfterSeconds);
  if (effect.acsRetryAfterMs !== undefined) headers["x-acs-retry-after"] = String(effect.acsRetryAfterMs);
  return { ...reply, headers };
}

function ossRefusal(status: number, code: string, message: string): Reply {
  return {
    status,
    headers: { "Content-Type": "application/xml", "x-oss-ec": UNKNOWN_EC },
    body: (requestId) =>
      xmlDocument("Error", {
        Code: code,
        Message: message,
        RequestId: requestId,
        HostId: "emulator",
        EC: UNKNOWN_EC,
      }),
  };
}
