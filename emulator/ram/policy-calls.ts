import { booleanParam, optionalParam, requiredParam, requiredWordParam } from "../rds/rpc-params";
import { wireTime } from "../rds/wire-time";
import { type RpcCall, RpcFault } from "../world";
import type { RamAction, RamContext, RamReply } from "./ram-action";
import { type AttachedPolicy, type CustomPolicy, isJson, type RamState } from "./ram-state";

const POLICY_TYPES = ["System", "Custom"] as const;
const VERSION = "v1";

/** Custom policies with one version each, and policies of users. The errors are those of the RAM API pages. */
export const POLICY_CALLS: Record<string, RamAction> = {
  CreatePolicy: (call, { state, world }) => {
    const name = requiredParam(call, "PolicyName");
    const document = requiredParam(call, "PolicyDocument");
    if (state.customPolicies.some((policy) => policy.name === name)) {
      throw new RpcFault(409, "EntityAlreadyExists.Policy", `The policy already exists: ${name} .`);
    }
    if (!isJson(document)) throw new RpcFault(400, "MalformedPolicyDocument", "The policy document is malformed.");
    const description = optionalParam(call, "Description") ?? "";
    const policy = { name, document, description, createdAtMs: world.now() };
    state.customPolicies.push(policy);
    return { Policy: policyReply(policy, state) };
  },

  GetPolicy: (call, { state }) => {
    const policy = existingPolicy(call, state);
    return {
      Policy: policyReply(policy, state),
      DefaultPolicyVersion: {
        IsDefaultVersion: true,
        VersionId: VERSION,
        PolicyDocument: policy.document,
        CreateDate: wireTime(policy.createdAtMs),
      },
    };
  },

  /** Replaces the single version. */
  CreatePolicyVersion: (call, { state }) => {
    const policy = existingPolicy(call, state);
    const document = requiredParam(call, "PolicyDocument");
    if (!isJson(document)) throw new RpcFault(400, "MalformedPolicyDocument", "The policy document is malformed.");
    if (booleanParam(call, "SetAsDefault") !== true) {
      throw new RpcFault(400, "InvalidParameter.SetAsDefault", "The emulator keeps the default version only.");
    }
    policy.document = document;
    return { PolicyVersion: { IsDefaultVersion: true, VersionId: VERSION, PolicyDocument: document } };
  },

  DeletePolicy: (call, { state }) => {
    const policy = existingPolicy(call, state);
    if (attachmentsOf(policy.name, state) > 0) {
      throw new RpcFault(409, "DeleteConflict.Policy.Attached", "The policy can not be attached while deleting.");
    }
    state.customPolicies = state.customPolicies.filter((one) => one !== policy);
    return {};
  },

  AttachPolicyToUser: (call, context) => {
    attach(call, context, policiesOfUser(call, context.state), "User");
    return {};
  },

  DetachPolicyFromUser: (call, { state }) => {
    detach(call, policiesOfUser(call, state), "User");
    return {};
  },

  ListPoliciesForUser: (call, { state }) => attachedPolicies(policiesOfUser(call, state)),
};

/** Attaches the policy of the call to a user or role. */
export function attach(
  call: RpcCall,
  { state, world }: RamContext,
  policies: AttachedPolicy[],
  to: "User" | "Role",
): void {
  const { name, type } = namedPolicy(call);
  if (type === "Custom") existingPolicy(call, state);
  if (policies.some((policy) => policy.name === name && policy.type === type)) {
    throw new RpcFault(
      409,
      `EntityAlreadyExists.${to}.Policy`,
      `The policy is already attached to the ${to.toLowerCase()}.`,
    );
  }
  policies.push({ name, type, attachedAtMs: world.now() });
}

export function detach(call: RpcCall, policies: AttachedPolicy[], from: "User" | "Role"): void {
  const { name, type } = namedPolicy(call);
  const index = policies.findIndex((policy) => policy.name === name && policy.type === type);
  if (index < 0) {
    throw new RpcFault(
      404,
      `EntityNotExist.${from}.Policy`,
      `The policy is not attached to the ${from.toLowerCase()}.`,
    );
  }
  policies.splice(index, 1);
}

export const attachedPolicies = (policies: readonly AttachedPolicy[]): RamReply => ({
  Policies: {
    Policy: policies.map((policy) => ({
      PolicyName: policy.name,
      PolicyType: policy.type,
      DefaultVersion: VERSION,
      Description: "",
      AttachDate: wireTime(policy.attachedAtMs),
    })),
  },
});

const namedPolicy = (call: RpcCall) => ({
  name: requiredParam(call, "PolicyName"),
  type: requiredWordParam(call, "PolicyType", POLICY_TYPES),
});

function existingPolicy(call: RpcCall, state: RamState): CustomPolicy {
  const name = requiredParam(call, "PolicyName");
  const policy = state.customPolicies.find((one) => one.name === name);
  if (policy === undefined) throw new RpcFault(404, "EntityNotExist.Policy", `The policy not exists: ${name} .`);
  return policy;
}

/** Users are not stored: every user name exists. */
function policiesOfUser(call: RpcCall, state: RamState): AttachedPolicy[] {
  const name = requiredParam(call, "UserName");
  const policies = state.userPolicies[name] ?? [];
  state.userPolicies[name] = policies;
  return policies;
}

const attachmentsOf = (name: string, state: RamState): number =>
  [...Object.values(state.userPolicies), ...state.roles.map(({ policies }) => policies)]
    .flat()
    .filter((policy) => policy.type === "Custom" && policy.name === name).length;

const policyReply = (policy: CustomPolicy, state: RamState): RamReply => ({
  PolicyName: policy.name,
  PolicyType: "Custom",
  Description: policy.description,
  DefaultVersion: VERSION,
  AttachmentCount: attachmentsOf(policy.name, state),
  CreateDate: wireTime(policy.createdAtMs),
  UpdateDate: wireTime(policy.createdAtMs),
});
