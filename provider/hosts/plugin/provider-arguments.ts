import { z } from "zod";
import type { ASSUME_ROLE_MEMBERS } from "../../aliyun/credentials/configured-roles";
import type { SERVICES, Settings } from "../../aliyun/settings";
import { type ArgumentRules, argumentFaults, faultMessages } from "../../model/arguments";
import type { CheckResult } from "../../model/check-result";
import { migrationArguments } from "../../model/inputs";
import type { PlainObject } from "../../model/plain";
import { PACKAGE_NAME } from "../../model/resource-type";
import { terminalError } from "../../model/terminal-error";
import { isUnknown } from "../../model/unknown";
import { toSecret } from "./struct";

const { region, profile, assumeRoleArn } = migrationArguments.shape;
const key = z.string({ error: "is not a text\nGive the key as a text." }).optional();
const textMember = z.string({ error: "is not a text\nGive a text." }).optional();

const MIN_SESSION_SECONDS = 900;
const sessionExpiration = z.coerce
  .number({ error: "is not a number of seconds\nGive a number, for example 3600." })
  .refine((seconds) => seconds === 0 || (Number.isInteger(seconds) && seconds >= MIN_SESSION_SECONDS), {
    error: `is not a whole number of at least ${MIN_SESSION_SECONDS} seconds\nSet it to 3600, or unset it.`,
  })
  .optional();

/** A role to assume, with the members that the settings of the stack know. */
const assumeRole = z.strictObject(
  {
    roleArn: assumeRoleArn.unwrap(),
    externalId: textMember,
    sessionName: textMember,
    sessionExpiration,
    policy: textMember,
  } satisfies Record<(typeof ASSUME_ROLE_MEMBERS)[number], z.ZodType>,
  { error: (issue) => (issue.code === "invalid_type" ? "is not an object\nGive an object with roleArn." : undefined) },
);

const ADDRESS = /^(?:https?:\/\/)?[^/\s]+\/?$/i;
const address = z
  .string({ error: "is not an address\nGive a host or a URL." })
  .regex(ADDRESS, { error: "is not an address\nGive a host or a URL without a path." })
  .optional();
type EndpointName = Lowercase<(typeof SERVICES)[number]>;
const endpoints = z.strictObject({ rds: address, oss: address, ram: address, sts: address } satisfies Record<
  EndpointName,
  z.ZodType
>);

/** The arguments of a provider, which are the configuration of a default provider. */
export const providerArguments = z.strictObject({
  region,
  profile,
  assumeRole: assumeRole.optional(),
  accessKey: key,
  secretKey: key,
  securityToken: key,
  endpoints: endpoints.optional(),
});

/** Arguments that are kept secret, also where the program does not mark them. */
const SECRET_ARGUMENTS = ["accessKey", "secretKey", "securityToken"] as const;

const RULES: ArgumentRules<z.infer<typeof providerArguments>> = {
  resource: `a provider of ${PACKAGE_NAME}`,
  schema: providerArguments,
};

/** Arguments that every provider has; the engine reads them. */
const ENGINE_ARGUMENTS: readonly string[] = ["version", "pluginDownloadURL", "pluginChecksums", "parameterization"];
/** Arguments that are objects. The SDKs and the stack's configuration send them as JSON. */
const OBJECT_ARGUMENTS: readonly string[] = ["assumeRole", "endpoints"];

/** Returns the arguments that this package reads, parsed. Empty texts count as unset, as in the environment. */
export function readProviderArguments(inputs: PlainObject): PlainObject {
  const own = Object.entries(inputs).filter(([name, value]) => !ENGINE_ARGUMENTS.includes(name) && value !== "");
  return Object.fromEntries(
    own.map(([name, value]) => [name, OBJECT_ARGUMENTS.includes(name) ? parsedJson(value) : value]),
  );
}

function parsedJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The namespace in which the handlers read settings, and name them in messages: that of the alicloud provider. */
const HANDLERS_NAMESPACE = "alicloud:";

/** Returns a message with the plugin's names of the settings in it. The plugin does not get those of the alicloud provider. */
export const withOwnNames = (text: string): string => text.replaceAll(HANDLERS_NAMESPACE, `${PACKAGE_NAME}:`);

/**
 * Returns the settings that the handlers read: the arguments under the names of the alicloud provider's configuration, then the
 * environment.
 */
export function settingsOf(members: PlainObject, environment: NodeJS.ProcessEnv): Settings {
  const { endpoints: addresses, ...others } = members;
  const config = new Map(
    Object.entries(others).map(([name, value]) => [
      `${HANDLERS_NAMESPACE}${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const overrides = new Map(
    Object.entries((addresses ?? {}) as PlainObject).map(([service, value]) => [
      `ALIBABA_CLOUD_ENDPOINT_${service.toUpperCase()}`,
      String(value),
    ]),
  );
  return { config: (name) => config.get(name), env: (name) => overrides.get(name) ?? environment[name] };
}

/** Checks the arguments of a provider and marks its keys as secrets. */
export function checkProviderArguments(news: PlainObject): CheckResult {
  const faults = faultMessages(argumentFaults(RULES, readProviderArguments(news)));
  const secrets = SECRET_ARGUMENTS.filter((name) => news[name] !== undefined && !isUnknown(news[name]));
  return {
    inputs: { ...news, ...Object.fromEntries(secrets.map((name) => [name, toSecret(news[name])])) },
    failures: faults.map((reason) => ({ property: "", reason: terminalError(reason) })),
  };
}
