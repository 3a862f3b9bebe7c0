import type { CredentialSource, Credentials } from "../object-store";
import type { SmallRequest } from "../transport/send-request";
import { keptKeys } from "./kept-keys";
import { membersOf, parseJson, readTemporaryKeys, WIRE_NAMES } from "./key-values";
import { fetchReply, reasonOf, SourceFault } from "./source-fault";

export interface EcsRoleOptions {
  /** Asked for when it is missing. */
  roleName?: string;
  /** Refuses to work without a metadata token. @default false */
  isTokenRequired?: boolean;
  /** @default http://100.100.100.200 */
  origin?: string;
}

const ROLES = "/latest/meta-data/ram/security-credentials/";
/** Elsewhere than on ECS nothing answers at that address; the vendor's time-outs are as short. */
const LIMITS = { isDirect: true, connectTimeoutMs: 1000, readTimeoutMs: 1000 } as const;
const TOKEN_SECONDS = 21_600;

/**
 * Temporary keys of the RAM role of the ECS instance on which the program runs. The metadata service is asked without a
 * proxy, with a metadata token where the instance gives one.
 * @see https://help.aliyun.com/en/ecs/user-guide/instance-ram-roles
 * @see @alicloud/credentials 2.4.7, providers/ecs_ram_role
 */
export const ecsRole = (options: EcsRoleOptions = {}): CredentialSource => keptKeys(() => fetchKeys(options));

async function fetchKeys({
  roleName,
  isTokenRequired = false,
  origin = "http://100.100.100.200",
}: EcsRoleOptions): Promise<Credentials> {
  let headers: Record<string, string> = {};
  const get = async (operation: string, path: string): Promise<string> => {
    const request: SmallRequest = { method: "GET", url: `${origin}${path}`, headers, ...LIMITS };
    return (await fetchReply(operation, request)).body.toString("utf8");
  };
  let role: string;
  try {
    headers = await fetchTokenHeader(origin, isTokenRequired);
    role = roleName ?? (await get("the role's name", ROLES)).trim();
  } catch (error) {
    // Only a role that is named shows that this machine should have one.
    throw roleName === undefined ? new SourceFault(reasonOf(error), "unset") : error;
  }
  if (!/^[\w.-]{1,64}$/.test(role)) throw new SourceFault("the instance has no RAM role", "unset");
  const text = await get("the role's keys", `${ROLES}${role}`);
  const reply = membersOf(parseJson(text, "the reply of the metadata service"));
  if (reply.Code !== "Success") throw new SourceFault(`the metadata service gave no keys of the role ${role}`);
  return readTemporaryKeys(reply, WIRE_NAMES, "the reply of the metadata service");
}

async function fetchTokenHeader(origin: string, isRequired: boolean): Promise<Record<string, string>> {
  const request: SmallRequest = {
    method: "PUT",
    url: `${origin}/latest/api/token`,
    headers: { "x-aliyun-ecs-metadata-token-ttl-seconds": String(TOKEN_SECONDS) },
    ...LIMITS,
  };
  try {
    return {
      "x-aliyun-ecs-metadata-token": (await fetchReply("the metadata token", request)).body.toString("utf8").trim(),
    };
  } catch (error) {
    if (isRequired) throw error;
    // An instance without tokens refuses the request, and a container may be one hop too far for the reply.
    return {};
  }
}
