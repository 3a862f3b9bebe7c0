import { openApiSdk, rdsSdk } from "../lazy-sdk";
import { callRpc, type RpcOptions } from "../rpc/rpc-call";
import type { ServiceEndpoint } from "../settings";

type RdsSdkClient = InstanceType<ReturnType<typeof rdsSdk>["default"]>;

/**
 * The client of @alicloud/rds20140815 over this project's own transport. The SDK turns request models into parameters,
 * finds a region's host and checks the types of replies. It sends nothing itself: its own HTTP client takes no agent,
 * ignores proxies and passes the connect time-out to Node as idle time.
 * @see @alicloud/rds20140815 15.4.0, client.js: every operation ends in `callApi`
 */
export function rdsSdkClient(rpc: RpcOptions, region: string, endpoint: ServiceEndpoint | undefined): RdsSdkClient {
  const { default: Client } = rdsSdk();
  class TransportedClient extends Client {
    override async callApi(
      params: { action?: string; version?: string },
      request: { query?: Record<string, string>; body?: unknown },
    ): Promise<{ body: unknown }> {
      const { action = "", version = "" } = params;
      if (request.body !== undefined) throw new Error(`${action} has a body, which this client does not sign`);
      const { host, protocol } = endpoint ?? { host: this._endpoint, protocol: "https" };
      const body = await callRpc(rpc, { endpoint: { host, protocol }, version, action, query: request.query ?? {} });
      return { body };
    }
  }
  // Without an endpoint the SDK finds the host from the region: some share rds.aliyuncs.com, others have their own.
  return new TransportedClient(new (openApiSdk().$OpenApiUtil.Config)({ regionId: region, endpoint: endpoint?.host }));
}

/** The address of RDS in a region: the override, or the SDK's table of hosts. */
export function rdsEndpoint(region: string, override: ServiceEndpoint | undefined): ServiceEndpoint {
  if (override !== undefined) return override;
  const { default: Client } = rdsSdk();
  class EndpointReader extends Client {
    get host(): string {
      return this._endpoint;
    }
  }
  return {
    host: new EndpointReader(new (openApiSdk().$OpenApiUtil.Config)({ regionId: region })).host,
    protocol: "https",
  };
}
