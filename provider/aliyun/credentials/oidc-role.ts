import { readFile } from "node:fs/promises";
import { fromServiceError } from "../../errors/service-error";
import type { CredentialSource, Credentials } from "../object-store";
import { readRpcReply } from "../rpc/rpc-reply";
import type { Settings } from "../settings";
import { sendRequest } from "../transport/send-request";
import { DEFAULT_SESSION_NAME, DEFAULT_SESSION_SECONDS, type RoleToAssume } from "./assumed-role";
import { keptKeys } from "./kept-keys";
import { membersOf, readTemporaryKeys, WIRE_NAMES } from "./key-values";
import { reasonOf, SourceFault, systemCode } from "./source-fault";
import { type StsChoice, stsEndpoint } from "./sts-endpoint";

/** A role that an identity provider's token allows to assume. */
export interface OidcRole extends Omit<RoleToAssume, "externalId"> {
  oidcProviderArn: string;
  /** Either this or `tokenFile`. */
  token?: string;
  /** Read at each renewal, because its writer replaces the token before it expires. */
  tokenFile?: string;
}

/**
 * Temporary keys of a role, in exchange for an OIDC token. The call is not signed: the token is the proof.
 * @see https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export const oidcRole = (role: OidcRole, settings: Settings, sts?: StsChoice): CredentialSource =>
  keptKeys(() => assumeRoleWithOidc(role, settings, sts));

async function assumeRoleWithOidc(role: OidcRole, settings: Settings, sts?: StsChoice): Promise<Credentials> {
  const token = role.token ?? (await readToken(role.tokenFile));
  const { host, protocol } = stsEndpoint(settings, sts);
  const query = new URLSearchParams({ Action: "AssumeRoleWithOIDC", Version: "2015-04-01", Format: "JSON" });
  query.set("Timestamp", `${new Date().toISOString().slice(0, 19)}Z`);
  const form = new URLSearchParams({
    OIDCProviderArn: role.oidcProviderArn,
    OIDCToken: token,
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName ?? DEFAULT_SESSION_NAME,
    DurationSeconds: String(role.sessionSeconds ?? DEFAULT_SESSION_SECONDS),
    ...(role.policy === undefined ? {} : { Policy: role.policy }),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const url = `${protocol}://${host}/?${query}`;
  let reply: unknown;
  try {
    reply = readRpcReply(await sendRequest({ method: "POST", url, headers, body: form.toString() }));
  } catch (cause) {
    const context = { operation: "AssumeRoleWithOIDC", host, subject: `role ${role.roleArn}`, resource: role.roleArn };
    throw new SourceFault(reasonOf(fromServiceError(cause, context), [token]));
  }
  return readTemporaryKeys(membersOf(reply).Credentials, WIRE_NAMES, "the reply of STS");
}

async function readToken(file: string | undefined): Promise<string> {
  if (file === undefined) throw new SourceFault("no file with an OIDC token is named");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new SourceFault(`the file with the OIDC token, ${file}, cannot be read (${systemCode(error)})`);
  }
  if (text.trim() === "") throw new SourceFault(`the file with the OIDC token, ${file}, is empty`);
  return text.trim();
}
