import type { CredentialSource } from "../object-store";
import { firstEnv, type Settings } from "../settings";
import { assumedRole } from "./assumed-role";
import { cliConfigFile } from "./cli-config";
import { cliProfile } from "./cli-profile";
import { configuredOidcRole, configuredRole } from "./configured-roles";
import { credentialsUri } from "./credentials-uri";
import { defaultChain, ecsOptions, memoized } from "./default-chain";
import { ecsRole } from "./ecs-role";
import { firstSource, type SourceChoice, type SourceList } from "./first-source";
import { oidcRole } from "./oidc-role";
import type { NamedSource } from "./source-fault";
import { configuredKeys, environmentKeys } from "./static-keys";

/** The arguments that choose the credentials, for programs with several accounts. */
export interface AccountChoice {
  profile?: string;
  assumeRoleArn?: string;
}

/**
 * The credentials of a migration, by the alicloud provider's order: the arguments, `alicloud:*` of the stack's
 * configuration, the environment, then the default chain. `forUploads` adds the variables of the vendor's own uploader.
 * A place that is chosen by name is the last one that is tried: its failure must not lead to another account.
 * @throws INPUT_INVALID for a role that is configured wrongly; NO_CREDENTIALS (from `get`) with the reason of each source
 */
export function findCredentials(
  settings: Settings,
  choice: AccountChoice,
  forUploads: boolean,
  onChoice?: (choice: SourceChoice) => void,
): CredentialSource {
  const base = firstSource(sourceList(settings, choice, forUploads), onChoice);
  const role = configuredRole(settings, choice.assumeRoleArn);
  return role === undefined ? base : assumedRole(base, role, settings);
}

function sourceList(settings: Settings, choice: AccountChoice, forUploads: boolean): () => SourceList {
  const inConfiguration = configuredKeys(settings);
  const inEnvironment = environmentKeys(settings, forUploads);
  const oidc = configuredOidcRole(settings);
  const configuredOidc =
    oidc === undefined ? undefined : { place: "alicloud:assumeRoleWithOidc", ...oidcRole(oidc, settings) };
  const profiles = new Map<string, NamedSource>();
  const profile = (name: string): NamedSource => {
    const source = profiles.get(name) ?? namedProfile(name, settings);
    profiles.set(name, source);
    return source;
  };
  const ecs = namedEcsRole(settings);
  const uri = namedUri(settings);
  const chain = defaultChain(settings);
  return () => {
    if (choice.profile !== undefined) return { written: [], others: [profile(choice.profile)] };
    const configuredProfile = settings.config("alicloud:profile");
    if (configuredProfile) return { written: [inConfiguration], others: [profile(configuredProfile)] };
    if (configuredOidc !== undefined) return { written: [inConfiguration], others: [configuredOidc] };
    const written = [inConfiguration, inEnvironment];
    if (ecsRoleName(settings) !== undefined) return { written, others: [ecs] };
    if (uriOf(settings) !== undefined) return { written, others: [uri] };
    const name = firstEnv(settings, ["ALICLOUD_PROFILE"]);
    return { written, others: name === undefined ? chain() : [profile(name)] };
  };
}

const namedProfile = (name: string, settings: Settings): NamedSource => ({
  place: `the profile ${name} of ${cliConfigFile(settings)}`,
  ...cliProfile(name, cliConfigFile(settings), settings),
});

const ecsRoleName = (settings: Settings): string | undefined =>
  settings.config("alicloud:ecsRoleName") || firstEnv(settings, ["ALICLOUD_ECS_ROLE_NAME"]);

const namedEcsRole = (settings: Settings): NamedSource =>
  memoized(
    "the ECS role of alicloud:ecsRoleName or ALICLOUD_ECS_ROLE_NAME",
    () => ecsOptions(settings, ecsRoleName(settings)),
    ecsRole,
  );

const uriOf = (settings: Settings): string | undefined =>
  (settings.config("alicloud:credentialsUri") || firstEnv(settings, ["ALICLOUD_CREDENTIALS_URI"]))?.trim();

const namedUri = (settings: Settings): NamedSource =>
  memoized("alicloud:credentialsUri or ALICLOUD_CREDENTIALS_URI", () => uriOf(settings) ?? "", credentialsUri);
