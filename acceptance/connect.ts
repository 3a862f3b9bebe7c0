import { randomBytes } from "node:crypto";
import { findCredentials } from "../provider/aliyun/credentials/find-credentials";
import type { CredentialSource } from "../provider/aliyun/object-store";
import { connectObjectStore } from "../provider/aliyun/oss/ali-oss-store";
import { ENDPOINT_OVERRIDE, resolveOssEndpoint } from "../provider/aliyun/oss/oss-endpoint";
import { connectRam } from "../provider/aliyun/ram/ram-client";
import { rdsSdkClient } from "../provider/aliyun/rds/rds-sdk-client";
import { callRpc } from "../provider/aliyun/rpc/rpc-call";
import { RpcRefusal } from "../provider/aliyun/rpc/rpc-reply";
import { endpointOverride, findRegion, type Settings } from "../provider/aliyun/settings";
import { httpTransport } from "../provider/aliyun/transport/http-transport";
import { migrationError } from "../provider/errors/migration-error";
import type { Live, RdsAnswer, Services } from "./live";
import type { Options } from "./options";
import { type RecordedReply, recording } from "./recording";

const RDS_VERSION = "2014-08-15";

/** The services of an account, and the replies that have come from them. */
export interface Connection {
  live: Live;
  replies: RecordedReply[];
  /** What is left on the service. */
  left: string[];
}

/**
 * Connects to the services of an account with the credentials, endpoints and proxies of the provider.
 * @throws NO_REGION
 */
export function connect(options: Options, settings: Settings): Connection {
  const { instanceId, bucket, backup, pollMs } = options;
  const region = findRegion(settings, options.region);
  if (region === undefined) throw migrationError("NO_REGION", {});
  const replies: RecordedReply[] = [];
  const left: string[] = [];
  const transport = recording(httpTransport, (reply) => replies.push(reply));
  const credentials = findCredentials(settings, {}, false);
  const override = endpointOverride(settings, "RDS");
  // The SDK finds the host of a region.
  const { _endpoint: host } = rdsSdkClient({ credentials, transport }, region, override);
  const endpoint = override ?? { host, protocol: "https" as const };
  const environment = { [ENDPOINT_OVERRIDE]: settings.env(ENDPOINT_OVERRIDE) };
  const results = new Map<string, Promise<unknown>>();
  const ossEndpoint = resolveOssEndpoint({ region, environment });
  const servicesFor = (source: CredentialSource): Services => ({
    store: connectObjectStore({ endpoint: ossEndpoint, credentials: source, transport }),
    async rds(action, query = {}): Promise<RdsAnswer> {
      try {
        const parameters = { DBInstanceId: instanceId, ...query };
        const call = { endpoint, version: RDS_VERSION, action, query: parameters };
        const body = await callRpc({ credentials: source, transport }, call);
        return { body: body as Record<string, unknown> };
      } catch (error) {
        if (error instanceof RpcRefusal) return { status: error.statusCode, code: error.code };
        throw error;
      }
    },
  });
  const wrongSecret: CredentialSource = {
    get: async () => ({ ...(await credentials.get()), accessKeySecret: "not the secret" }),
  };
  const live: Live = {
    ...{ instanceId, bucket, backup, pollMs },
    prefix: `acceptance-${randomBytes(4).toString("hex")}`,
    ...servicesFor(credentials),
    withWrongSecret: servicesFor(wrongSecret),
    ram: connectRam({ credentials, settings, transport }),
    lastReply: () => replies.at(-1),
    positionOf: (key) => `oss-${region}.aliyuncs.com:${bucket}:${key}`,
    once<T>(name: string, work: () => Promise<T>): Promise<T> {
      const result = results.get(name) ?? work();
      results.set(name, result);
      return result as Promise<T>;
    },
    leave: (what) => left.push(what),
  };
  return { live, replies, left };
}
