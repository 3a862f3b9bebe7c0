import { numberParam, optionalParam, requiredParam } from "../rds/rpc-params";
import { wireTime } from "../rds/wire-time";
import { type RpcCall, RpcFault, type World } from "../world";
import { attach, attachedPolicies, detach, POLICY_CALLS } from "./policy-calls";
import type { RamAction, RamReply as Reply } from "./ram-action";
import { findRole, isJson, newRole, type RamRole, type RamState } from "./ram-state";

const HOUR_SECONDS = 3600;
const MAX_SESSION_SECONDS = 12 * HOUR_SECONDS;

/** All supported RAM actions. The errors are those of the RAM API pages. */
export const RAM_ACTIONS: Record<string, RamAction> = {
  GetRole: (call, { state, world }) => ({ Role: roleReply(existingRole(call, state), world) }),

  CreateRole: (call, { state, world }) => {
    const name = requiredParam(call, "RoleName");
    const trustPolicy = requiredParam(call, "AssumeRolePolicyDocument");
    if (findRole(state, name) !== undefined) {
      throw new RpcFault(409, "EntityAlreadyExists.Role", `The role already exists: ${name} .`);
    }
    if (!isJson(trustPolicy)) throw new RpcFault(400, "MalformedPolicyDocument", "The policy document is malformed.");
    const role = newRole(
      state,
      {
        name,
        trustPolicy,
        description: optionalParam(call, "Description") ?? "",
        maxSessionSeconds: numberParam(call, "MaxSessionDuration", {
          fallback: HOUR_SECONDS,
          min: HOUR_SECONDS,
          max: MAX_SESSION_SECONDS,
        }),
        tags: tagsOf(call),
      },
      world.now(),
    );
    state.roles.push(role);
    return { Role: roleReply(role, world) };
  },

  UpdateRole: (call, { state, world }) => {
    const role = existingRole(call, state);
    const trustPolicy = optionalParam(call, "NewAssumeRolePolicyDocument");
    if (trustPolicy !== undefined && !isJson(trustPolicy)) {
      throw new RpcFault(400, "MalformedPolicyDocument", "The policy document is malformed.");
    }
    role.trustPolicy = trustPolicy ?? role.trustPolicy;
    role.description = optionalParam(call, "NewDescription") ?? role.description;
    return { Role: roleReply(role, world) };
  },

  DeleteRole: (call, { state }) => {
    const role = existingRole(call, state);
    if (role.policies.length > 0) {
      throw new RpcFault(409, "DeleteConflict.Role.Policy", "The role can not has any policies while deleting.");
    }
    state.roles = state.roles.filter((one) => one !== role);
    return {};
  },

  AttachPolicyToRole: (call, context) => {
    attach(call, context, existingRole(call, context.state).policies, "Role");
    return {};
  },

  DetachPolicyFromRole: (call, { state }) => {
    detach(call, existingRole(call, state).policies, "Role");
    return {};
  },

  ListPoliciesForRole: (call, { state }) => attachedPolicies(existingRole(call, state).policies),

  ...POLICY_CALLS,

  ListTagResources: (call, { state }) => {
    const names = jsonNames(call);
    const roles = state.roles.filter((role) => names.includes(role.name));
    return {
      TagResources: {
        TagResource: roles.flatMap((role) =>
          Object.entries(role.tags).map(([key, value]) => ({
            ResourceType: "role",
            ResourceId: role.id,
            ResourceName: role.name,
            TagKey: key,
            TagValue: value,
          })),
        ),
      },
    };
  },
};

function existingRole(call: RpcCall, state: RamState): RamRole {
  const name = requiredParam(call, "RoleName");
  const role = findRole(state, name);
  if (role === undefined) throw new RpcFault(404, "EntityNotExist.Role", `The role not exists: ${name} .`);
  return role;
}

function roleReply(role: RamRole, world: World): Reply {
  const created = wireTime(role.createdAtMs);
  return {
    RoleName: role.name,
    RoleId: role.id,
    Arn: `acs:ram::${world.account.accountId}:role/${role.name}`,
    AssumeRolePolicyDocument: role.trustPolicy,
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    CreateDate: created,
    UpdateDate: created,
  };
}

function parsedJson(text: string | undefined): unknown {
  return text === undefined || !isJson(text) ? undefined : JSON.parse(text);
}

/** RAM's newer API sends lists as JSON arrays; the alicloud provider sends numbered parameters. */
function jsonNames(call: RpcCall): unknown[] {
  const list = parsedJson(optionalParam(call, "ResourceNames"));
  if (Array.isArray(list)) return list;
  return [...call.params].filter(([key]) => /^ResourceNames?\.\d+$/.test(key)).map(([, value]) => value);
}

function tagsOf(call: RpcCall): Record<string, string> {
  const list = parsedJson(optionalParam(call, "Tag"));
  if (Array.isArray(list)) {
    return Object.fromEntries(list.map((tag) => [String(tag?.Key), String(tag?.Value ?? "")]));
  }
  const keys = [...call.params].filter(([key]) => /^Tag\.\d+\.Key$/.test(key));
  return Object.fromEntries(keys.map(([key, value]) => [value, call.params.get(key.replace(/Key$/, "Value")) ?? ""]));
}
