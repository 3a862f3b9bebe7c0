import { migrationError } from "../../errors/migration-error";
import { firstEnv, type Settings } from "../settings";
import type { RoleToAssume } from "./assumed-role";
import { expandHome } from "./cli-config";
import type { OidcRole } from "./oidc-role";

/** Members of `alicloud:assumeRole` and `alicloud:assumeRoleWithOidc`, as @pulumi/alicloud declares them. */
export const ASSUME_ROLE_MEMBERS = ["roleArn", "externalId", "sessionName", "sessionExpiration", "policy"] as const;
export const ASSUME_ROLE_WITH_OIDC_MEMBERS = [
  ...["roleArn", "oidcProviderArn", "oidcToken", "oidcTokenFile"],
  ...["roleSessionName", "sessionExpiration", "policy"],
] as const;

const MIN_SESSION_SECONDS = 900;

/**
 * The role to assume: the argument, `alicloud:assumeRole`, or the environment. The conditions of the configuration belong to
 * its own role, so they apply to an argument only when it names the same one.
 * @throws INPUT_INVALID, without the configured text, which may hold secrets
 */
export function configuredRole(settings: Settings, argument: string | undefined): RoleToAssume | undefined {
  const configured = roleOfConfiguration(settings) ?? roleOfEnvironment(settings);
  if (argument === undefined || argument === configured?.roleArn) return configured;
  return { roleArn: argument };
}

function roleOfConfiguration(settings: Settings): RoleToAssume | undefined {
  const property = "alicloud:assumeRole";
  const role = readObject(settings, property, ASSUME_ROLE_MEMBERS);
  if (role === undefined) return undefined;
  return {
    roleArn: requiredText(role, property, "roleArn", '"acs:ram::<account>:role/<name>"'),
    externalId: optionalText(role, property, "externalId"),
    sessionName: optionalText(role, property, "sessionName"),
    sessionSeconds: secondsOf(role.sessionExpiration, `${property}.sessionExpiration`),
    policy: optionalText(role, property, "policy"),
  };
}

/**
 * `ALIBABA_CLOUD_ROLE_ARN` is not read here: in the vendor's chain it names the role of an OIDC token, see default-chain.ts.
 * @see https://github.com/aliyun/terraform-provider-alicloud/blob/master/alicloud/provider.go
 */
function roleOfEnvironment(settings: Settings): RoleToAssume | undefined {
  const roleArn = firstEnv(settings, ["ALICLOUD_ASSUME_ROLE_ARN"])?.trim();
  if (!roleArn) return undefined;
  const seconds = "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION";
  return {
    roleArn,
    sessionName: firstEnv(settings, ["ALICLOUD_ASSUME_ROLE_SESSION_NAME"]),
    sessionSeconds: secondsOf(firstEnv(settings, [seconds]), seconds),
  };
}

/** The role of `alicloud:assumeRoleWithOidc`. @throws INPUT_INVALID, without the configured text */
export function configuredOidcRole(settings: Settings): OidcRole | undefined {
  const property = "alicloud:assumeRoleWithOidc";
  const role = readObject(settings, property, ASSUME_ROLE_WITH_OIDC_MEMBERS);
  if (role === undefined) return undefined;
  const tokenFile = optionalText(role, property, "oidcTokenFile");
  const token = optionalText(role, property, "oidcToken");
  if (tokenFile === undefined && token === undefined)
    throw invalid(property, "has no oidcTokenFile and no oidcToken", "Set one of them.");
  return {
    roleArn: requiredText(role, property, "roleArn", '"acs:ram::<account>:role/<name>"'),
    oidcProviderArn: requiredText(role, property, "oidcProviderArn", '"acs:ram::<account>:oidc-provider/<name>"'),
    token,
    tokenFile: tokenFile === undefined ? undefined : expandHome(tokenFile),
    sessionName: optionalText(role, property, "roleSessionName"),
    sessionSeconds: secondsOf(role.sessionExpiration, `${property}.sessionExpiration`),
    policy: optionalText(role, property, "policy"),
  };
}

type Members = Readonly<Record<string, unknown>>;

function readObject(settings: Settings, property: string, known: readonly string[]): Members | undefined {
  const text = settings.config(property);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw invalid(
      property,
      "is not a JSON object",
      `Set its members with: pulumi config set --path ${property}.NAME VALUE`,
    );
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return value as Members;
  throw invalid(`${property}.${unknown}`, "is no member that is known", `The members are ${known.join(", ")}.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function requiredText(role: Members, property: string, name: string, example: string): string {
  const value = optionalText(role, property, name);
  if (value !== undefined) return value;
  throw invalid(property, `has no ${name}`, `Set it with: pulumi config set --path ${property}.${name} ${example}`);
}

function optionalText(role: Members, property: string, name: string): string | undefined {
  const value = role[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value.trim();
  // Pulumi turns a text of digits into a number.
  if (typeof value === "number") return String(value);
  throw invalid(`${property}.${name}`, "is not a text", "Set it to a text.");
}

/** Zero and nothing mean the default. */
function secondsOf(value: unknown, property: string): number | undefined {
  const seconds = Number(value ?? 0);
  if (seconds === 0) return undefined;
  if (Number.isInteger(seconds) && seconds >= MIN_SESSION_SECONDS) return seconds;
  throw invalid(
    property,
    `is not a whole number of at least ${MIN_SESSION_SECONDS} seconds`,
    "Set it to 3600, or unset it.",
  );
}

const invalid = (property: string, fault: string, remedy: string) =>
  migrationError("INPUT_INVALID", { property, fault, remedy });
