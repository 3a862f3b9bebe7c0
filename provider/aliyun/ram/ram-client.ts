import { isMigrationError } from "../../errors/migration-error";
import { fromServiceError } from "../../errors/service-error";
import { daraSdk, ramSdk } from "../lazy-sdk";
import type { CredentialSource } from "../object-store";
import { openApiConfig } from "../open-api-config";
import type { RamApi } from "../ram-api";
import { endpointOverride, type Settings } from "../settings";

/** RAM is one service for all regions. @see @alicloud/ram20150501 1.2.1, client.js */
const RAM_ENDPOINT = { host: "ram.aliyuncs.com", protocol: "https" } as const;

/** RAM through @alicloud/ram20150501. Each call is sent once: what it would tell can be done without. */
export function connectRam(credentials: CredentialSource, settings: Settings, readTimeoutMs?: number): RamApi {
  const { default: Client, GetRoleRequest } = ramSdk();
  const endpoint = endpointOverride(settings, "RAM") ?? RAM_ENDPOINT;
  const config = openApiConfig(credentials, endpoint, settings);
  if (readTimeoutMs !== undefined) config.readTimeout = readTimeoutMs;
  const client = new Client(config);
  return {
    async findRole(name) {
      try {
        const request = new GetRoleRequest({ roleName: name });
        const { body } = await client.getRoleWithOptions(request, new (daraSdk().RuntimeOptions)({}));
        const role = body?.role;
        if (role === undefined) throw new SyntaxError("no role in it");
        return { name, arn: role.arn ?? "", trustPolicy: role.assumeRolePolicyDocument ?? "" };
      } catch (cause) {
        const error = fromServiceError(cause, {
          ...{ operation: "GetRole", subject: `role ${name}`, host: endpoint.host },
          resource: `acs:ram:*:*:role/${name}`,
        });
        if (isMigrationError(error) && error.service?.code === "EntityNotExist.Role") return undefined;
        throw error;
      }
    },
  };
}
