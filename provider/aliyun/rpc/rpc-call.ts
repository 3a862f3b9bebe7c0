import { randomUUID } from "node:crypto";
import type { CredentialSource } from "../object-store";
import type { ServiceEndpoint } from "../settings";
import { httpTransport } from "../transport/http-transport";
import type { Transport } from "../transport/transport";
import { signAcs3 } from "./acs3-signature";
import { readRpcReply } from "./rpc-reply";

export const CONNECT_TIMEOUT_MS = 10_000;
export const READ_TIMEOUT_MS = 30_000;

/** How calls of RDS, RAM and STS are sent. */
export interface RpcOptions {
  /** Asked for keys before each call. */
  credentials: CredentialSource;
  /** The longest time until a connection is open, its proxy tunnel and TLS included; milliseconds. @default 10000 */
  connectTimeoutMs?: number;
  /** The longest silence of a service that is connected; milliseconds. @default 30000 */
  readTimeoutMs?: number;
  /** @default httpTransport */
  transport?: Transport;
  /** Called on the open connection before the first byte is sent. An error that it throws withholds the call. */
  beforeSend?: () => void;
}

export interface RpcCall {
  endpoint: ServiceEndpoint;
  /** For example `2014-08-15`. */
  version: string;
  /** For example `DescribeDatabases`. */
  action: string;
  query: Readonly<Record<string, string>>;
}

/**
 * Sends one call of Alibaba Cloud's RPC style, once, and returns the parsed body of the reply. A connection has 10 s to
 * open; the whole call may take that and `readTimeoutMs` together.
 * @throws RpcRefusal when the service refuses; SyntaxError for a reply that is not the service's; NetworkFault when no whole
 *   reply arrived; whatever `credentials` throws
 */
export async function callRpc(options: RpcOptions, call: RpcCall): Promise<unknown> {
  const { endpoint, version, action } = call;
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS, transport = httpTransport } = options;
  const method = "POST";
  const { query, headers } = signAcs3(
    { method, host: endpoint.host, version, action, query: call.query, nowMs: Date.now(), nonce: randomUUID() },
    await options.credentials.get(),
  );
  const reply = await transport.send({
    method,
    url: `${endpoint.protocol}://${endpoint.host}/?${query}`,
    headers: { ...headers, accept: "application/json", "accept-encoding": "identity", "user-agent": USER_AGENT },
    connectTimeoutMs,
    idleTimeoutMs: readTimeoutMs,
    totalTimeoutMs: connectTimeoutMs + readTimeoutMs,
    beforeSend: options.beforeSend,
  });
  return readRpcReply(reply);
}

const USER_AGENT = "pulumi-alicloud-sqlserver-migration";
