import type { CredentialSource } from "../object-store";
import { firstEnv, type Settings } from "../settings";
import { cliConfigFile, namedCliConfigFile } from "./cli-config";
import { cliProfile } from "./cli-profile";
import { credentialsFile } from "./credentials-file";
import { credentialsUri } from "./credentials-uri";
import { ecsRole } from "./ecs-role";
import { oidcRole } from "./oidc-role";
import { type NamedSource, SourceFault } from "./source-fault";

/** The variables that together name a role of an OIDC token. */
const OIDC = ["ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_ROLE_ARN"] as const;

/**
 * The places of the vendor's SDKs behind the environment's keys, in their order. A place that variables name is the last
 * one, unlike in those SDKs: a missing token or a misspelt profile must not lead to the account of the machine.
 * @see @alicloud/credentials 2.4.7, providers/default
 */
export function defaultChain(settings: Settings): () => readonly NamedSource[] {
  const oidc = environmentOidc(settings);
  const [profile, file] = [currentProfile(settings), environmentFile(settings)];
  const [instance, uri] = [instanceRole(settings), environmentUri(settings)];
  const isSet = (name: string): boolean => firstEnv(settings, [name]) !== undefined;
  return () => {
    if (OIDC.every(isSet)) return [oidc];
    if (isSet("ALIBABA_CLOUD_CREDENTIALS_FILE") || isSet("ALIBABA_CLOUD_PROFILE")) return [oidc, profile, file];
    if (namedCliConfigFile(settings) !== undefined) return [oidc, profile];
    return [oidc, profile, file, instance, ...(isSet("ALIBABA_CLOUD_ECS_METADATA") ? [] : [uri])];
  };
}

/** Makes a source for its present settings and keeps it, with its keys, as long as those stay the same. */
export function memoized<V>(place: string, read: () => V, make: (value: V) => CredentialSource): NamedSource {
  let held: { key: string; source: CredentialSource } | undefined;
  return {
    place,
    async get(options) {
      const value = read();
      const key = JSON.stringify(value);
      if (held?.key !== key) held = { key, source: make(value) };
      return held.source.get(options);
    },
  };
}

function environmentOidc(settings: Settings): NamedSource {
  const read = () => {
    const text = (name: string): string => {
      const value = firstEnv(settings, [name])?.trim();
      if (!value) throw new SourceFault(`${name} is not set`, "unset");
      return value;
    };
    return {
      oidcProviderArn: text("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
      tokenFile: text("ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
      roleArn: text("ALIBABA_CLOUD_ROLE_ARN"),
      sessionName: firstEnv(settings, ["ALIBABA_CLOUD_ROLE_SESSION_NAME"]),
    };
  };
  return memoized("OIDC", read, (role) => oidcRole(role, settings));
}

function currentProfile(settings: Settings): NamedSource {
  const read = () => {
    if (isTrue(settings, "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"))
      throw new SourceFault("ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true", "unset");
    return { name: firstEnv(settings, ["ALIBABA_CLOUD_PROFILE"]), file: cliConfigFile(settings) };
  };
  return memoized(cliConfigFile(settings), read, ({ name, file }) => cliProfile(name, file, settings));
}

function environmentFile(settings: Settings): NamedSource {
  const fileOf = () => firstEnv(settings, ["ALIBABA_CLOUD_CREDENTIALS_FILE"]) ?? "~/.alibabacloud/credentials";
  const read = () => ({ section: firstEnv(settings, ["ALIBABA_CLOUD_PROFILE"]) ?? "default", file: fileOf() });
  return memoized(fileOf(), read, ({ section, file }) => credentialsFile(section, file, settings));
}

function instanceRole(settings: Settings): NamedSource {
  const read = () => {
    if (isTrue(settings, "ALIBABA_CLOUD_ECS_METADATA_DISABLED"))
      throw new SourceFault("ALIBABA_CLOUD_ECS_METADATA_DISABLED is true", "unset");
    return ecsOptions(settings, firstEnv(settings, ["ALIBABA_CLOUD_ECS_METADATA"]));
  };
  return memoized("the role of the ECS instance", read, ecsRole);
}

/** How the metadata service is asked for the keys of a role. */
export const ecsOptions = (settings: Settings, roleName: string | undefined) => ({
  roleName: roleName?.trim(),
  isTokenRequired: isTrue(settings, "ALIBABA_CLOUD_IMDSV1_DISABLED"),
});

function environmentUri(settings: Settings): NamedSource {
  const read = (): string => {
    const uri = firstEnv(settings, ["ALIBABA_CLOUD_CREDENTIALS_URI"])?.trim();
    if (!uri) throw new SourceFault("ALIBABA_CLOUD_CREDENTIALS_URI is not set", "unset");
    return uri;
  };
  return memoized("the credentials URI", read, credentialsUri);
}

const isTrue = (settings: Settings, name: string): boolean => settings.env(name)?.toLowerCase() === "true";
