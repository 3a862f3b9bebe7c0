import { migrationError } from "../../errors/migration-error";
import type { CredentialSource, Credentials } from "../object-store";
import { firstEnv, type Settings } from "../settings";
import { assumedRole } from "./assumed-role";
import { cliProfile, defaultChain } from "./default-chain";

/** The arguments that choose the credentials, for programs with several accounts. */
export interface AccountChoice {
  profile?: string;
  assumeRoleArn?: string;
}

/** Sets of variables in their order of precedence, as the alicloud provider reads them. */
const STATIC_VARIABLES = [
  ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"],
  ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"],
  ["ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"],
] as const;

/** The places that were searched, for the error when none has keys. */
const PLACES =
  "the arguments profile and assumeRoleArn, the stack's configuration (alicloud:accessKey, alicloud:secretKey, alicloud:profile), " +
  "the environment (ALICLOUD_ACCESS_KEY, ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABACLOUD_ACCESS_KEY_ID and their secrets; " +
  "for uploads also OSS_ACCESS_KEY_ID), then the default chain (OIDC, ~/.aliyun/config.json, ~/.alibabacloud/credentials, the ECS role)";

/**
 * The credentials of a migration, by the alicloud provider's order: the arguments, `alicloud:*` of the stack's
 * configuration, the environment, then the default chain. `forUploads` adds the variables of the vendor's own uploader.
 * Read at each call, so that keys which are rotated while a migration waits are used at once.
 * @throws NO_CREDENTIALS (from `get`) naming every place that was searched
 */
export function findCredentials(settings: Settings, choice: AccountChoice, forUploads: boolean): CredentialSource {
  const base = baseCredentials(settings, choice, forUploads);
  const roleArn = choice.assumeRoleArn ?? configuredRole(settings);
  return roleArn === undefined ? base : assumedRole(base, roleArn, settings);
}

function baseCredentials(settings: Settings, choice: AccountChoice, forUploads: boolean): CredentialSource {
  if (choice.profile !== undefined) return cliProfile(choice.profile, PLACES);
  let chain: CredentialSource | undefined;
  return {
    async get(options) {
      const found = configuredKeys(settings);
      if (found !== undefined) return found;
      const fromEnvironment =
        settings.config("alicloud:profile") === undefined && environmentKeys(settings, forUploads);
      if (fromEnvironment) return fromEnvironment;
      chain ??= profileOrChain(settings);
      return chain.get(options);
    },
  };
}

function profileOrChain(settings: Settings): CredentialSource {
  const profile = settings.config("alicloud:profile") ?? firstEnv(settings, ["ALICLOUD_PROFILE"]);
  return profile === undefined ? defaultChain(PLACES) : cliProfile(profile, PLACES);
}

function configuredKeys(settings: Settings): Credentials | undefined {
  const accessKeyId = settings.config("alicloud:accessKey");
  const accessKeySecret = settings.config("alicloud:secretKey");
  if (!accessKeyId || !accessKeySecret) return undefined;
  return withToken({ accessKeyId, accessKeySecret }, settings.config("alicloud:securityToken"));
}

function environmentKeys(settings: Settings, forUploads: boolean): Credentials | undefined {
  for (const [id, secret, token] of STATIC_VARIABLES) {
    const accessKeyId = settings.env(id);
    const accessKeySecret = settings.env(secret);
    if (accessKeyId && accessKeySecret) return withToken({ accessKeyId, accessKeySecret }, settings.env(token));
  }
  if (!forUploads) return undefined;
  const accessKeyId = settings.env("OSS_ACCESS_KEY_ID");
  const accessKeySecret = settings.env("OSS_ACCESS_KEY_SECRET");
  if (!accessKeyId || !accessKeySecret) return undefined;
  return withToken({ accessKeyId, accessKeySecret }, firstEnv(settings, ["OSS_SESSION_TOKEN", "OSS_SECURITY_TOKEN"]));
}

const withToken = (keys: Credentials, securityToken: string | undefined): Credentials =>
  securityToken ? { ...keys, securityToken } : keys;

/** `alicloud:assumeRole` is a JSON object with `roleArn`, as the alicloud provider takes it. */
function configuredRole(settings: Settings): string | undefined {
  const text = settings.config("alicloud:assumeRole");
  if (text === undefined) return settings.env("ALICLOUD_ASSUME_ROLE_ARN");
  try {
    const role: unknown = JSON.parse(text);
    if (role !== null && typeof role === "object" && "roleArn" in role && typeof role.roleArn === "string")
      return role.roleArn;
  } catch {
    // Falls through to the error that shows what is expected; the text itself may hold what must not be printed.
  }
  throw migrationError("INPUT_INVALID", {
    property: "alicloud:assumeRole",
    fault: "is not a JSON object with a roleArn",
    remedy: 'Set it with: pulumi config set --path alicloud:assumeRole.roleArn "acs:ram::<account>:role/<name>".',
  });
}
