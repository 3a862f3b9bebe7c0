import { findCredentials } from "../../../../../provider/aliyun/credentials/find-credentials";

/**
 * Runs with NODE_EXTRA_CA_CERTS and HTTPS_PROXY, which count for a whole process. Fetches the keys of each profile that its
 * arguments name, one after the other, and prints them.
 */
async function main(): Promise<void> {
  const settings = { env: (name: string) => process.env[name], config: () => undefined };
  for (const profile of process.argv.slice(2)) {
    const result = await findCredentials(settings, { profile }, false).get().catch(String);
    console.log(JSON.stringify({ profile, result }));
  }
  process.exit(0);
}

void main();
