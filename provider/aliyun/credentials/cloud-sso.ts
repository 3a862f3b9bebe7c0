import type { Credentials } from "../object-store";
import { membersOf, parseJson, readTemporaryKeys, WIRE_NAMES } from "./key-values";
import { fetchReply, SourceFault } from "./source-fault";

/** A CloudSSO login of the aliyun CLI. */
export interface CloudSsoLogin {
  signInUrl?: string;
  accountId?: string;
  accessConfig?: string;
  accessToken?: string;
  /** Seconds since the epoch. */
  accessTokenExpire?: number;
}

/**
 * Temporary keys in exchange for a CloudSSO login.
 * @see @alicloud/credentials 2.4.7, providers/cloud_sso
 * @throws SourceFault, also for a login that has expired
 */
export async function fetchCloudSsoKeys(login: CloudSsoLogin): Promise<Credentials> {
  const { signInUrl, accountId, accessConfig, accessToken, accessTokenExpire = 0 } = login;
  if (!accessToken) throw new SourceFault("the CloudSSO login is missing; log in again with the aliyun CLI");
  if (accessTokenExpire * 1000 <= Date.now()) {
    const date = new Date(accessTokenExpire * 1000);
    const end = Number.isNaN(date.getTime()) ? "" : ` at ${date.toISOString().slice(0, 16)}Z`;
    throw new SourceFault(`the CloudSSO login expired${end}; log in again with the aliyun CLI`);
  }
  if (!signInUrl || !accountId || !accessConfig)
    throw new SourceFault("cloud_sso_sign_in_url, cloud_sso_account_id or cloud_sso_access_config is missing");
  const { body } = await fetchReply("the CloudSSO credentials", {
    method: "POST",
    url: cloudCredentialsUrl(signInUrl),
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${accessToken}`,
    },
    body: JSON.stringify({ AccountId: accountId, AccessConfigurationId: accessConfig }),
  });
  const reply = membersOf(parseJson(body.toString("utf8"), "the reply of CloudSSO"));
  return readTemporaryKeys(reply.CloudCredential, WIRE_NAMES, "the reply of CloudSSO");
}

function cloudCredentialsUrl(signInUrl: string): string {
  try {
    return new URL("/cloud-credentials", signInUrl).href;
  } catch {
    throw new SourceFault("cloud_sso_sign_in_url is not a URL");
  }
}
