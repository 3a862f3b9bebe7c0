import { migrationError } from "../../errors/migration-error";
import { credentialsSdk } from "../lazy-sdk";
import type { CredentialSource, Credentials } from "../object-store";

/** What @alicloud/credentials answers, whatever the provider behind it. */
interface FoundKeys {
  accessKeyId?: string;
  accessKeySecret?: string;
  securityToken?: string;
}

/** What answers for keys: a chain, or one profile. */
interface KeyProvider {
  find(): Promise<FoundKeys>;
}

/**
 * The SDK's default chain: environment, OIDC, CLI profile, credentials file, ECS role, URI. The chain that found keys is kept,
 * because it renews temporary ones itself; after a failure a new one is made, because @alicloud/credentials 2.4.7 then stays
 * with its last provider and fails for ever, even when keys are there later (observed by running it).
 *
 * Its OIDC, ECS role and URI providers send their requests through the package's own HTTP client, not through
 * transport/transport.ts: proxies do not apply to them, and their time-outs are the package's.
 */
export function defaultChain(looked: string): CredentialSource {
  const { default: Credential } = credentialsSdk();
  return keeping(looked, () => {
    const chain = new Credential();
    return { find: () => chain.getCredential() };
  });
}

/** A profile of the aliyun CLI (~/.aliyun/config.json), by name. */
export function cliProfile(name: string, looked: string): CredentialSource {
  const { CLIProfileCredentialsProvider } = credentialsSdk();
  return keeping(`the profile ${name} of ~/.aliyun/config.json; not looked at: ${looked}`, () => {
    const profile = CLIProfileCredentialsProvider.builder().withProfileName(name).build();
    return { find: () => profile.getCredentials() };
  });
}

function keeping(looked: string, make: () => KeyProvider): CredentialSource {
  let held: KeyProvider | undefined;
  return {
    async get(options) {
      const provider = (options?.fresh ? undefined : held) ?? make();
      held = undefined;
      const keys = await settle(() => provider.find(), looked);
      held = provider;
      return keys;
    },
  };
}

async function settle(find: () => Promise<FoundKeys>, looked: string): Promise<Credentials> {
  let found: FoundKeys;
  try {
    found = await find();
  } catch (cause) {
    throw migrationError("NO_CREDENTIALS", { looked }, { cause });
  }
  const { accessKeyId, accessKeySecret, securityToken } = found;
  if (!accessKeyId || !accessKeySecret) throw migrationError("NO_CREDENTIALS", { looked });
  return securityToken ? { accessKeyId, accessKeySecret, securityToken } : { accessKeyId, accessKeySecret };
}
