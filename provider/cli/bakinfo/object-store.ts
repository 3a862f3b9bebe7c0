import { findCredentials } from "../../aliyun/credentials/find-credentials";
import type { ObjectStore } from "../../aliyun/object-store";
import { connectObjectStore } from "../../aliyun/oss/ali-oss-store";
import { ENDPOINT_OVERRIDE, resolveOssEndpoint } from "../../aliyun/oss/oss-endpoint";
import { findRegion, type Settings } from "../../aliyun/settings";
import { migrationError } from "../../errors/migration-error";

/** Where `oss://` objects are. Credentials come from the environment and the default chain, as for the provider. */
export interface StoreChoice {
  region?: string;
  /** A name or a URL. @default "public" */
  endpoint?: string;
  profile?: string;
}

/**
 * The object store of the command line. It connects at the first object. Settings come from the options and `env`, because a
 * command has no stack configuration.
 * @throws NO_REGION from the returned function
 */
export function lazyStore(
  { region, endpoint, profile }: StoreChoice,
  env: (name: string) => string | undefined,
): () => ObjectStore {
  const settings: Settings = { config: () => undefined, env };
  let connected: ObjectStore | undefined;
  return () => {
    if (connected) return connected;
    const regionId = findRegion(settings, region);
    if (regionId === undefined) throw migrationError("NO_REGION", {});
    const environment = { [ENDPOINT_OVERRIDE]: env(ENDPOINT_OVERRIDE) };
    connected = connectObjectStore({
      endpoint: resolveOssEndpoint({ region: regionId, endpoint, environment }),
      credentials: findCredentials(settings, { profile }, true),
    });
    return connected;
  };
}
