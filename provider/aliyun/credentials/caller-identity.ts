import { fromServiceError } from "../../errors/service-error";
import type { CredentialSource } from "../object-store";
import { callRpc } from "../rpc/rpc-call";
import type { Settings } from "../settings";
import { membersOf, textOf } from "./key-values";
import { stsEndpoint } from "./sts-endpoint";

/** Who the credentials are. */
export interface CallerIdentity {
  accountId: string;
  /** For example `acs:ram::<account>:user/<name>`. */
  arn: string;
}

/**
 * The owner of the credentials, which STS returns to any valid key without a permission.
 * @see https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export async function fetchCallerIdentity(
  credentials: CredentialSource,
  settings: Settings,
  readTimeoutMs: number,
): Promise<CallerIdentity> {
  const endpoint = stsEndpoint(settings);
  const call = { endpoint, version: "2015-04-01", action: "GetCallerIdentity", query: {} };
  try {
    const reply = membersOf(await callRpc({ credentials, readTimeoutMs }, call));
    const [accountId, arn] = [textOf(reply.AccountId), textOf(reply.Arn)];
    if (accountId === undefined || arn === undefined) throw new SyntaxError("no account in it");
    return { accountId, arn };
  } catch (cause) {
    throw fromServiceError(cause, { operation: "GetCallerIdentity", subject: "the credentials", host: endpoint.host });
  }
}
