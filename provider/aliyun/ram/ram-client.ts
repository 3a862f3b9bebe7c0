import { isMigrationError } from "../../errors/migration-error";
import { fromServiceError } from "../../errors/service-error";
import type { RamApi } from "../ram-api";
import { callRpc, type RpcOptions } from "../rpc/rpc-call";
import { endpointOverride, type ServiceEndpoint, type Settings } from "../settings";

/** RAM is one service for all regions. @see @alicloud/ram20150501 1.2.1, client.js */
const RAM_ENDPOINT = { host: "ram.aliyuncs.com", protocol: "https" } as const;

/** The address of RAM, or its override. */
export const ramEndpoint = (settings: Settings): ServiceEndpoint => endpointOverride(settings, "RAM") ?? RAM_ENDPOINT;

export interface RamClientOptions extends RpcOptions {
  settings: Settings;
}

/**
 * RAM over this project's own calls: the vendor's package takes 0.2 s to load for the one call that is made. Each call is
 * sent once, because the preflight works without its result.
 * @see https://help.aliyun.com/en/ram/developer-reference/api-ram-2015-05-01-getrole
 */
export function connectRam(options: RamClientOptions): RamApi {
  const endpoint = ramEndpoint(options.settings);
  return {
    async findRole(name) {
      try {
        const query = { RoleName: name };
        const reply = await callRpc(options, { endpoint, version: "2015-05-01", action: "GetRole", query });
        const role = member(reply, "Role");
        if (role === undefined || role === null) throw new SyntaxError("no role in it");
        return { name, arn: textMember(role, "Arn"), trustPolicy: textMember(role, "AssumeRolePolicyDocument") };
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

/** A missing member is an empty text; the preflight reports a role without a trust policy. */
function textMember(role: unknown, name: string): string {
  const value = member(role, name) ?? "";
  if (typeof value !== "string") throw new SyntaxError(`${name} is not a text`);
  return value;
}

const member = (value: unknown, name: string): unknown => {
  if (value === null || typeof value !== "object") throw new SyntaxError(`no object that holds ${name}`);
  return Reflect.get(value, name);
};
