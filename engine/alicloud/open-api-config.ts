import { openApiSdk } from "../../provider/aliyun/lazy-sdk";
import type { CredentialSource } from "../../provider/aliyun/object-store";
import { firstEnv, type ServiceEndpoint, type Settings } from "../../provider/aliyun/settings";

/** The SDK's own defaults are 3 s for both, and its time-out text claims that no connection was made. */
const CONNECT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 30_000;

/**
 * The configuration of an openapi-core client: our credentials at each request, a host without scheme (with one the SDK
 * looks up a host named "http"), time-outs that suit a slow service, and no retries of its own (ours know which calls
 * must not be sent twice).
 * @see @alicloud/openapi-core 1.0.8, client.js doRequest
 */
export function openApiConfig(
  credentials: CredentialSource,
  endpoint: ServiceEndpoint | undefined,
  settings: Settings,
) {
  const { $OpenApiUtil } = openApiSdk();
  const { CredentialModel, default: Credential } = credentialsSdk();
  // The SDK asks `getCredential()` before each request; the class is only its type, nothing else of it is used.
  const credential: InstanceType<typeof Credential> = Object.assign(Object.create(Credential.prototype), {
    getCredential: async () => {
      const { accessKeyId, accessKeySecret, securityToken } = await credentials.get();
      const type = securityToken === undefined ? "access_key" : "sts";
      return new CredentialModel({ accessKeyId, accessKeySecret, securityToken, type });
    },
  });
  return new $OpenApiUtil.Config({
    credential,
    endpoint: endpoint?.host,
    protocol: endpoint?.protocol ?? "https",
    connectTimeout: CONNECT_TIMEOUT_MS,
    readTimeout: READ_TIMEOUT_MS,
    httpProxy: firstEnv(settings, ["HTTP_PROXY", "http_proxy"]),
    httpsProxy: firstEnv(settings, ["HTTPS_PROXY", "https_proxy"]),
    noProxy: firstEnv(settings, ["NO_PROXY", "no_proxy"]),
  });
}

/** Loaded at its first use, like the other SDKs. The engine only: the provider has credential sources of its own. */
const credentialsSdk = () => require("@alicloud/credentials") as typeof import("@alicloud/credentials");
