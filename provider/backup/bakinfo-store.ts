import { findCredentials } from "../credentials/find-credentials";
import { migrationError } from "../errors/migration-error";
import { connectObjectStore } from "../oss/ali-oss-store";
import type { ObjectStore } from "../oss/object-store";
import { resolveOssEndpoint } from "../oss/oss-endpoint";
import { findRegion, type Settings } from "../settings";

/** How objects are reached; credentials come from the environment and the default chain, as for the provider. */
export interface StoreChoice {
  region?: string;
  /** A name or a URL. @default "public" */
  endpoint?: string;
  profile?: string;
}

/** On the command line there is no stack, so only the environment is asked. */
const ENVIRONMENT: Settings = { config: () => undefined, env: (name) => process.env[name] };

/** The store of the command line, connected when the first object is asked for. @throws NO_REGION */
export function lazyStore({ region, endpoint, profile }: StoreChoice): () => ObjectStore {
  let connected: ObjectStore | undefined;
  return () => {
    if (connected) return connected;
    const wanted = findRegion(ENVIRONMENT, region);
    if (wanted === undefined) throw migrationError("NO_REGION", {});
    connected = connectObjectStore({
      endpoint: resolveOssEndpoint({ region: wanted, endpoint }),
      credentials: findCredentials(ENVIRONMENT, { profile }, true),
    });
    return connected;
  };
}
