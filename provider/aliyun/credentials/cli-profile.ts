import type { CredentialSource } from "../object-store";
import type { Settings } from "../settings";
import { assumedRole, type RoleToAssume } from "./assumed-role";
import { type CliConfig, type CliProfile, findProfile, readCliConfig } from "./cli-config";
import { fetchCloudSsoKeys } from "./cloud-sso";
import { ecsRole } from "./ecs-role";
import { runExternalCommand } from "./external-command";
import { keptKeys } from "./kept-keys";
import { positiveOf, readKeys, readTemporaryKeys, textOf } from "./key-values";
import { oauthSite } from "./oauth";
import { fetchOAuthLoginKeys } from "./oauth-login";
import { oidcRole } from "./oidc-role";
import { SourceFault } from "./source-fault";
import type { StsChoice } from "./sts-endpoint";

const NAMES = { id: "access_key_id", secret: "access_key_secret", token: "sts_token", expiration: "" };

/**
 * The keys of a profile of the aliyun CLI, in every mode that the vendor's package reads. The file is read again for new
 * keys, so that a new login is used at once. `name` is undefined for the file's current profile.
 * @see @alicloud/credentials 2.4.7, providers/cli_profile
 */
export function cliProfile(name: string | undefined, file: string, settings: Settings): CredentialSource {
  return keptKeys(async () => {
    const config = await readCliConfig(file);
    const wanted = name ?? config.current ?? "default";
    // A profile that only the settings expect may be in the next file; one that the file calls current has to be in it.
    if (name !== undefined || config.current === undefined) findProfile(config, wanted, "unset");
    return sourceOf({ config, file, settings }, wanted, []).get();
  });
}

interface Context {
  config: CliConfig;
  file: string;
  settings: Settings;
}

/** @param behind the profiles that take this one as their source, to notice a circle */
function sourceOf(context: Context, name: string, behind: readonly string[]): CredentialSource {
  if (behind.includes(name)) throw new SourceFault(`source_profile leads in a circle to the profile ${name}`);
  const { config, file, settings } = context;
  const profile = findProfile(config, name);
  const text = (member: string): string | undefined => textOf(profile[member]);
  const source = `the profile ${name}`;
  // The aliyun CLI writes a default profile without keys, which configures nothing.
  const hasKeys = text("access_key_id") !== undefined || text("access_key_secret") !== undefined;
  const kind = hasKeys || behind.length > 0 ? undefined : "unset";
  // A token that an earlier mode left in the profile does not belong to the keys.
  const ownKeys = { get: async () => readKeys({ ...profile, sts_token: undefined }, NAMES, source) };
  switch (profile.mode) {
    case "AK":
      if (kind === "unset") throw new SourceFault(`the profile ${name} has no keys`, kind);
      return ownKeys;
    case "StsToken":
      return { get: async () => readTemporaryKeys(profile, NAMES, source) };
    case "RamRoleArn":
      return assumedRole(ownKeys, roleOf(profile), settings, stsOf(profile));
    case "ChainableRamRoleArn": {
      const base = sourceOf(context, required(profile, "source_profile"), [...behind, name]);
      return assumedRole(base, roleOf(profile), settings, stsOf(profile));
    }
    case "EcsRamRole":
      return ecsRole({ roleName: text("ram_role_name") });
    case "OIDC": {
      const role = { ...roleOf(profile), oidcProviderArn: required(profile, "oidc_provider_arn") };
      return oidcRole({ ...role, tokenFile: required(profile, "oidc_token_file") }, settings, stsOf(profile));
    }
    case "CloudSSO": {
      const accessTokenExpire = positiveOf(profile.cloud_sso_access_token_expire);
      const login = {
        signInUrl: text("cloud_sso_sign_in_url"),
        accountId: text("cloud_sso_account_id"),
        accessConfig: text("cloud_sso_access_config"),
        accessToken: text("access_token"),
        accessTokenExpire,
      };
      return { get: () => fetchCloudSsoKeys(login) };
    }
    case "OAuth":
      return { get: () => fetchOAuthLoginKeys({ site: oauthSite(text("oauth_site_type")), profile: name, file }) };
    case "External":
      return { get: () => runExternalCommand(required(profile, "process_command")) };
    default:
      if (text("mode") === undefined) throw new SourceFault(`the profile ${name} has no mode`, kind);
      throw new SourceFault(`the profile ${name} has the unsupported mode ${text("mode")}`);
  }
}

function roleOf(profile: CliProfile): RoleToAssume {
  return {
    roleArn: required(profile, "ram_role_arn"),
    externalId: textOf(profile.external_id),
    sessionName: textOf(profile.ram_session_name),
    sessionSeconds: positiveOf(profile.duration_seconds) ?? positiveOf(profile.expired_seconds),
    policy: textOf(profile.policy),
  };
}

const stsOf = (profile: CliProfile): StsChoice => ({
  host: textOf(profile.sts_endpoint),
  region: textOf(profile.sts_region),
  isVpc: typeof profile.enable_vpc === "boolean" ? profile.enable_vpc : undefined,
});

function required(profile: CliProfile, member: string): string {
  const value = textOf(profile[member]);
  if (value === undefined) throw new SourceFault(`the profile ${String(profile.name)} has no ${member}`);
  return value;
}
