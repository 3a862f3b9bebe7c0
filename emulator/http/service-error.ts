import { UNKNOWN_EC } from "../oss/oss-fault";
import { xmlDocument } from "../oss/oss-xml";
import { faultReply } from "../rpc/rpc-handler";
import { RpcFault } from "../world";
import type { Reply } from "./reply";

export interface ServiceError {
  status: number;
  code: string;
  message: string;
}

/**
 * The error of a request that is not valid HTTP. SDKs of the vendor know this code and send such a request again,
 * because a broken connection can cause it.
 * @see https://github.com/aliyun/alibabacloud-oss-python-sdk-v2 alibabacloud_oss_v2/retry/error_retryable.py
 */
export const BAD_REQUEST = { status: 400, code: "BadRequest" } as const;

/** An error that precedes the service's own rules, in the format of the requested service. */
export function serviceError({ status, code, message }: ServiceError, rpc: boolean): Reply {
  if (rpc) return faultReply(new RpcFault(status, code, message), "other");
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
