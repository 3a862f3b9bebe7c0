import type { CredentialSource } from "../object-store";
import type { Settings } from "../settings";
import { assumedRole, type RoleToAssume } from "./assumed-role";
import { type CliConfig, type CliProfile, findProfile, readCliConfig, updateProfile } from "./cli-config";
import { fetchCloudSsoKeys } from "./cloud-sso";
import { ecsRole } from "./ecs-role";
import { runExternalCommand } from "./external-command";
import { keptKeys } from "./kept-keys";
import { readKeys, readTemporaryKeys, textOf } from "./key-values";
import { fetchOAuthKeys, oauthSite, renewTokens } from "./oauth";
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
  // A token that an earlier mode left in the profile does not belong to the keys.
  const ownKeys = { get: async () => readKeys({ ...profile, sts_token: undefined }, NAMES, source) };
  switch (profile.mode) {
    case "AK":
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
      const accessTokenExpire = numberOf(profile.cloud_sso_access_token_expire);
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
      return { get: () => oauthKeys(profile, name, file) };
    case "External":
      return { get: () => runExternalCommand(required(profile, "process_command")) };
    default:
      throw new SourceFault(unsupportedMode(name, text("mode")));
  }
}

const unsupportedMode = (name: string, mode: string | undefined): string =>
  mode === undefined ? `the profile ${name} has no mode` : `the profile ${name} has the unsupported mode ${mode}`;

async function oauthKeys(profile: CliProfile, name: string, file: string) {
  const site = oauthSite(textOf(profile.oauth_site_type));
  const refreshToken = textOf(profile.oauth_refresh_token);
  const tokens = await renewTokens(site, {
    accessToken: textOf(profile.oauth_access_token),
    accessTokenExpire: numberOf(profile.oauth_access_token_expire),
    refreshToken,
  });
  if (tokens.refreshToken !== refreshToken) {
    const changes = {
      oauth_refresh_token: tokens.refreshToken,
      oauth_access_token: tokens.accessToken,
      oauth_access_token_expire: tokens.accessTokenExpire,
    };
    // The old refresh token is void now. A file that cannot be written does not spoil the keys of this run.
    await updateProfile(file, name, changes).catch(() => undefined);
  }
  return fetchOAuthKeys(site, tokens.accessToken);
}

function roleOf(profile: CliProfile): RoleToAssume {
  return {
    roleArn: required(profile, "ram_role_arn"),
    externalId: textOf(profile.external_id),
    sessionName: textOf(profile.ram_session_name),
    sessionSeconds: numberOf(profile.duration_seconds) ?? numberOf(profile.expired_seconds),
    policy: textOf(profile.policy),
  };
}

const stsOf = (profile: CliProfile): StsChoice => ({
  host: textOf(profile.sts_endpoint),
  region: textOf(profile.sts_region),
  isVpc: typeof profile.enable_vpc === "boolean" ? profile.enable_vpc : undefined,
});

/** Zero means the default, as the CLI writes it. */
const numberOf = (value: unknown): number | undefined => (typeof value === "number" && value > 0 ? value : undefined);

function required(profile: CliProfile, member: string): string {
  const value = textOf(profile[member]);
  if (value === undefined) throw new SourceFault(`the profile ${String(profile.name)} has no ${member}`);
  return value;
}
