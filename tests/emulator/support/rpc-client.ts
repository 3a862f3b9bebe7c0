import OpenApi, { $OpenApiUtil } from "@alicloud/openapi-core";
import * as $dara from "@darabonba/typescript";
import type { Emulator } from "../../../emulator/emulator";

export interface RpcClientOptions {
  /** Uses the older HMAC-SHA1 signature in the query instead of ACS3. */
  oldSignature?: boolean;
  /** Parameters in the body instead of the query. */
  form?: Record<string, string>;
  keys?: { accessKeyId: string; accessKeySecret: string; securityToken?: string };
}

export function rpcConfig(emulator: Emulator, options: RpcClientOptions = {}): $OpenApiUtil.Config {
  const keys = options.keys ?? emulator;
  return new $OpenApiUtil.Config({
    accessKeyId: keys.accessKeyId,
    accessKeySecret: keys.accessKeySecret,
    securityToken: "securityToken" in keys ? keys.securityToken : undefined,
    endpoint: emulator.host,
    protocol: "http",
    signatureAlgorithm: options.oldSignature ? "v2" : undefined,
  });
}

/** Calls any action with the common core of Alibaba Cloud's Node SDKs and returns the reply's body. */
export async function callRpc(
  emulator: Emulator,
  action: string,
  version: string,
  query: Record<string, string>,
  options: RpcClientOptions = {},
): Promise<Record<string, unknown>> {
  const client = new OpenApi(rpcConfig(emulator, options));
  const params = new $OpenApiUtil.Params({
    action,
    version,
    protocol: "HTTP",
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const reply = await client.callApi(
    params,
    new $OpenApiUtil.OpenApiRequest({ query, body: options.form }),
    new $dara.RuntimeOptions({}),
  );
  return reply.body;
}

export interface RpcFailure {
  code?: string;
  statusCode?: number;
  message: string;
  retryAfter?: number;
}

/** Returns the SDK error of a failed call. */
export async function rpcErrorOf(call: Promise<unknown>): Promise<RpcFailure> {
  try {
    await call;
  } catch (error) {
    const { code, statusCode, message, retryAfter } = error as RpcFailure; // members of an SDK error; other errors have only a message
    return { code, statusCode, message, retryAfter };
  }
  throw new Error("the call succeeded");
}
