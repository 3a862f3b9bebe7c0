import type { PropertyMap } from "../stand-in/property-value";
import type { Cloud } from "./cloud";
import { type CloudKind, codeOf, known, textOf } from "./cloud-kind";

const ram = () => require("@alicloud/ram20150501") as typeof import("@alicloud/ram20150501");

interface Attachment {
  policyName: string;
  policyType: string;
  /** The user or role. */
  holder: string;
}

/** The kind of principal that a policy is attached to, with its RAM calls. */
interface Principal {
  type: string;
  /** First part of the plugin's ids, `role:POLICY:TYPE:ROLE`. */
  word: "role" | "user";
  /** The input with the name of the principal. */
  input: "roleName" | "userName";
  attach(cloud: Cloud, attachment: Attachment): Promise<unknown>;
  /** Names and types of the attached policies. */
  list(cloud: Cloud, holder: string): Promise<{ policyName?: string; policyType?: string }[]>;
  detach(cloud: Cloud, attachment: Attachment): Promise<unknown>;
}

const attachmentKind = (to: Principal): CloudKind => ({
  type: to.type,
  inputs: ["policyName", "policyType", to.input],
  replaces: ["policyName", "policyType", to.input],

  async create(cloud, inputs) {
    const attachment = {
      policyName: textOf(inputs, "policyName") ?? "",
      policyType: textOf(inputs, "policyType") ?? "",
      holder: textOf(inputs, to.input) ?? "",
    };
    await to.attach(cloud, attachment);
    return [to.word, attachment.policyName, attachment.policyType, attachment.holder].join(":");
  },

  async read(cloud, id): Promise<PropertyMap | undefined> {
    const { policyName, policyType, holder } = partsOf(id);
    try {
      const policies = await to.list(cloud, holder);
      const attached = policies.some((policy) => policy.policyName === policyName && policy.policyType === policyType);
      return attached ? known({ policyName, policyType, [to.input]: holder }) : undefined;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },

  // Every change replaces the attachment.
  async update() {},

  async delete(cloud, id) {
    try {
      await to.detach(cloud, partsOf(id));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
});

/** `alicloud.ram.RolePolicyAttachment`. */
export const rolePolicyAttachmentKind = attachmentKind({
  type: "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
  word: "role",
  input: "roleName",
  attach: (cloud, { holder: roleName, ...policy }) =>
    cloud.ram().attachPolicyToRole(new (ram().AttachPolicyToRoleRequest)({ ...policy, roleName })),
  async list(cloud, roleName) {
    const { body } = await cloud.ram().listPoliciesForRole(new (ram().ListPoliciesForRoleRequest)({ roleName }));
    return body?.policies?.policy ?? [];
  },
  detach: (cloud, { holder: roleName, ...policy }) =>
    cloud.ram().detachPolicyFromRole(new (ram().DetachPolicyFromRoleRequest)({ ...policy, roleName })),
});

/** `alicloud.ram.UserPolicyAttachment`. */
export const userPolicyAttachmentKind = attachmentKind({
  type: "alicloud:ram/userPolicyAttachment:UserPolicyAttachment",
  word: "user",
  input: "userName",
  attach: (cloud, { holder: userName, ...policy }) =>
    cloud.ram().attachPolicyToUser(new (ram().AttachPolicyToUserRequest)({ ...policy, userName })),
  async list(cloud, userName) {
    const { body } = await cloud.ram().listPoliciesForUser(new (ram().ListPoliciesForUserRequest)({ userName }));
    return body?.policies?.policy ?? [];
  },
  detach: (cloud, { holder: userName, ...policy }) =>
    cloud.ram().detachPolicyFromUser(new (ram().DetachPolicyFromUserRequest)({ ...policy, userName })),
});

/** The user or role no longer exists, or the policy is no longer attached. */
const isGone = (error: unknown): boolean => /^EntityNotExist\.(Role|User)/.test(codeOf(error));

function partsOf(id: string): Attachment {
  const [, policyName = "", policyType = "", holder = ""] = id.split(":");
  return { policyName, policyType, holder };
}
