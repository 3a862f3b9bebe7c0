import type { AccessKeys } from "../access/access-keys";
import { type RpcCall, RpcFault, type RpcService } from "../world";

const MIN_SECONDS = 900;
const MAX_SECONDS = 43_200;
const DEFAULT_SECONDS = 3600;

/**
 * AssumeRole and GetCallerIdentity. Neither the role nor the session policy is checked: any key of the account can
 * assume any role name, and the temporary keys have all permissions.
 * @see https://help.aliyun.com/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export function createStsService(world: { accountId: string; now(): number }, keys: AccessKeys): RpcService {
  return async (call: RpcCall) => {
    switch (call.action) {
      case "AssumeRole":
        return assumeRole(call, world, keys);
      case "GetCallerIdentity":
        return {
          AccountId: world.accountId,
          UserId: world.accountId,
          PrincipalId: world.accountId,
          IdentityType: "Account",
          Arn: `acs:ram::${world.accountId}:root`,
        };
      default:
        throw new RpcFault(404, "InvalidAction.NotFound", `The emulator does not imitate ${call.action}.`);
    }
  };
}

async function assumeRole(call: RpcCall, world: { accountId: string; now(): number }, keys: AccessKeys) {
  const roleArn = required(call, "RoleArn");
  const session = required(call, "RoleSessionName");
  const [, accountId, role] = /^acs:ram::(\d+):role\/([\w.-]{1,64})$/.exec(roleArn) ?? [];
  if (role === undefined) throw invalid("RoleArn", "The format of the role ARN is wrong.");
  if (accountId !== world.accountId) {
    throw new RpcFault(404, "EntityNotExist.Role", `The role ${roleArn} does not exist in this account.`);
  }
  if (!/^[\w.@-]{2,64}$/.test(session)) throw invalid("RoleSessionName", "2 to 64 of letters, digits, . @ - _");
  const seconds = Number(call.params.get("DurationSeconds") || DEFAULT_SECONDS);
  if (!Number.isInteger(seconds) || seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
    throw invalid("DurationSeconds", `must be between ${MIN_SECONDS} and ${MAX_SECONDS}`);
  }
  const key = await keys.issue(world.now() + seconds * 1000);
  return {
    AssumedRoleUser: {
      AssumedRoleId: `300000000000000000:${session}`,
      Arn: `acs:ram::${world.accountId}:role/${role}/${session}`,
    },
    Credentials: {
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      SecurityToken: key.securityToken,
      Expiration: `${new Date(key.expiresAtMs).toISOString().slice(0, 19)}Z`,
    },
  };
}

function required(call: RpcCall, name: string): string {
  const value = call.params.get(name);
  if (value === undefined || value === "")
    throw new RpcFault(400, `MissingParameter.${name}`, `${name} is mandatory for this action.`);
  return value;
}

function invalid(name: string, message: string): RpcFault {
  return new RpcFault(400, `InvalidParameter.${name}`, message);
}
