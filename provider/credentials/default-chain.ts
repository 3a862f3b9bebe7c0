import { migrationError } from "../errors/migration-error";
import { credentialsSdk } from "../lazy-sdk";
import type { Credentials } from "../oss/object-store";

/** What @alicloud/credentials answers, whatever the provider behind it. */
interface FoundKeys {
  accessKeyId?: string;
  accessKeySecret?: string;
  securityToken?: string;
}

/**
 * The SDK's default chain: environment, OIDC, CLI profile, credentials file, ECS role, URI.
 * A new chain for each attempt: after one total failure @alicloud/credentials 2.4.7 stays with its last provider and fails
 * for ever, even when keys are there later (observed by running it).
 */
export async function chainCredentials(looked: string): Promise<Credentials> {
  const { default: Credential } = credentialsSdk();
  return settle(async () => new Credential().getCredential(), looked);
}

/** A profile of the aliyun CLI (~/.aliyun/config.json), by name. */
export async function profileCredentials(name: string, looked: string): Promise<Credentials> {
  const { CLIProfileCredentialsProvider } = credentialsSdk();
  const provider = CLIProfileCredentialsProvider.builder().withProfileName(name).build();
  return settle(
    () => provider.getCredentials(),
    `the profile ${name} of ~/.aliyun/config.json; not looked at: ${looked}`,
  );
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
