import { migrationError } from "../../errors/migration-error";
import { fromServiceError } from "../../errors/service-error";
import type { CredentialSource, Credentials } from "../object-store";
import { callRpc } from "../rpc/rpc-call";
import { endpointOverride, type Settings } from "../settings";

/** Seconds that the temporary keys live; the service's own default and the shortest maximum of a role. */
const SESSION_SECONDS = 3600;
/** The keys are renewed this long before they expire, so that none expires during a request. */
const RENEW_EARLY_MS = 5 * 60_000;

/**
 * Temporary keys of a role, kept until shortly before they end. Not through @alicloud/credentials, which has its own HTTP
 * client and takes no plain HTTP endpoint.
 * @see https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export function assumedRole(base: CredentialSource, roleArn: string, settings: Settings): CredentialSource {
  let held: Credentials | undefined;
  /** The call in flight: five hundred migrations that start at once assume the role once. */
  let pending: Promise<Credentials> | undefined;
  const renew = (options?: { fresh?: boolean }): Promise<Credentials> => {
    pending ??= base
      .get(options)
      .then((keys) => assumeRole(keys, roleArn, settings))
      .then((keys) => {
        held = keys;
        return keys;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  return {
    async get(options) {
      const isGood = held !== undefined && (held.expiresAtMs ?? 0) - RENEW_EARLY_MS > Date.now();
      return held !== undefined && isGood && !options?.fresh ? held : renew(options);
    },
  };
}

async function assumeRole(keys: Credentials, roleArn: string, settings: Settings): Promise<Credentials> {
  const endpoint = endpointOverride(settings, "STS") ?? STS_ENDPOINT;
  const query = { RoleArn: roleArn, RoleSessionName: "sqlserver-migration", DurationSeconds: String(SESSION_SECONDS) };
  const call = { endpoint, version: "2015-04-01", action: "AssumeRole", query };
  let reply: unknown;
  try {
    reply = await callRpc({ credentials: { get: async () => keys } }, call);
  } catch (cause) {
    throw fromServiceError(cause, { operation: "AssumeRole", subject: `role ${roleArn}`, resource: roleArn });
  }
  const temporary = readTemporaryKeys(reply);
  if (temporary === undefined)
    throw migrationError("ANSWER_UNREADABLE", { operation: "AssumeRole", said: "no keys in it" });
  return temporary;
}

const STS_ENDPOINT = { host: "sts.aliyuncs.com", protocol: "https" } as const;

function readTemporaryKeys(reply: unknown): Credentials | undefined {
  const keys = member(reply, "Credentials");
  const accessKeyId = member(keys, "AccessKeyId");
  const accessKeySecret = member(keys, "AccessKeySecret");
  const securityToken = member(keys, "SecurityToken");
  const expiration = member(keys, "Expiration");
  if (typeof accessKeyId !== "string" || typeof accessKeySecret !== "string" || typeof securityToken !== "string")
    return undefined;
  const expiresAtMs = typeof expiration === "string" ? Date.parse(expiration) : Number.NaN;
  return { accessKeyId, accessKeySecret, securityToken, ...(Number.isNaN(expiresAtMs) ? {} : { expiresAtMs }) };
}

const member = (value: unknown, name: string): unknown =>
  value !== null && typeof value === "object" ? (value as Record<string, unknown>)[name] : undefined;
