import { findCredentials } from "../aliyun/credentials/find-credentials";
import type { ObjectStore } from "../aliyun/object-store";
import { connectObjectStore } from "../aliyun/oss/ali-oss-store";
import { ENDPOINT_OVERRIDE, resolveOssEndpoint } from "../aliyun/oss/oss-endpoint";
import { findRegion, type Settings } from "../aliyun/settings";
import { migrationError } from "../errors/migration-error";

/** How objects are reached; credentials come from the environment and the default chain, as for the provider. */
export interface StoreChoice {
  region?: string;
  /** A name or a URL. @default "public" */
  endpoint?: string;
  profile?: string;
}

/**
 * The store of the command line, connected when the first object is asked for. There is no stack, so only `env` is asked.
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
    const wanted = findRegion(settings, region);
    if (wanted === undefined) throw migrationError("NO_REGION", {});
    const environment = { [ENDPOINT_OVERRIDE]: env(ENDPOINT_OVERRIDE) };
    connected = connectObjectStore({
      endpoint: resolveOssEndpoint({ region: wanted, endpoint, environment }),
      credentials: findCredentials(settings, { profile }, true),
    });
    return connected;
  };
}
