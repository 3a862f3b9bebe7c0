import { migrationError } from "../../errors/migration-error";
import { fromServiceError } from "../../errors/service-error";
import type { CredentialSource, Credentials } from "../object-store";
import { callRpc } from "../rpc/rpc-call";
import type { Settings } from "../settings";
import { keptKeys } from "./kept-keys";
import { membersOf, readTemporaryKeys, WIRE_NAMES } from "./key-values";
import { SourceFault } from "./source-fault";
import { type StsChoice, stsEndpoint } from "./sts-endpoint";

/** A role and the conditions of its session. */
export interface RoleToAssume {
  roleArn: string;
  externalId?: string;
  /** @default sqlserver-migration */
  sessionName?: string;
  /** Seconds that the temporary keys live. @default 3600, the service's own default and the shortest maximum of a role */
  sessionSeconds?: number;
  /** A RAM policy that narrows the permissions of the role, as JSON text. */
  policy?: string;
}

export const DEFAULT_SESSION_NAME = "sqlserver-migration";
export const DEFAULT_SESSION_SECONDS = 3600;

/**
 * Temporary keys of a role, kept until shortly before they end.
 * @see https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export function assumedRole(
  base: CredentialSource,
  role: RoleToAssume,
  settings: Settings,
  sts?: StsChoice,
): CredentialSource {
  return keptKeys(async (options) => assumeRole(await base.get(options), role, settings, sts));
}

async function assumeRole(
  keys: Credentials,
  role: RoleToAssume,
  settings: Settings,
  sts?: StsChoice,
): Promise<Credentials> {
  const { roleArn, externalId, policy } = role;
  const query = {
    RoleArn: roleArn,
    RoleSessionName: role.sessionName ?? DEFAULT_SESSION_NAME,
    DurationSeconds: String(role.sessionSeconds ?? DEFAULT_SESSION_SECONDS),
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
    ...(policy === undefined ? {} : { Policy: policy }),
  };
  const call = { endpoint: stsEndpoint(settings, sts), version: "2015-04-01", action: "AssumeRole", query };
  let reply: unknown;
  try {
    reply = await callRpc({ credentials: { get: async () => keys } }, call);
  } catch (cause) {
    throw fromServiceError(cause, { operation: "AssumeRole", subject: `role ${roleArn}`, resource: roleArn });
  }
  try {
    return readTemporaryKeys(membersOf(reply).Credentials, WIRE_NAMES, "the reply");
  } catch (cause) {
    if (!(cause instanceof SourceFault)) throw cause;
    throw migrationError("ANSWER_UNREADABLE", { operation: "AssumeRole", said: "no keys in it" });
  }
}
