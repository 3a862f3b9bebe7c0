import { type CloudKind, codeOf, known, textOf } from "./cloud-kind";

const ram = () => require("@alicloud/ram20150501") as typeof import("@alicloud/ram20150501");

/** `alicloud.ram.RolePolicyAttachment`; its id is the plugin's, `role:POLICY:TYPE:ROLE`. */
export const rolePolicyAttachmentKind: CloudKind = {
  type: "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
  inputs: ["policyName", "policyType", "roleName"],
  replaces: ["policyName", "policyType", "roleName"],

  async create(cloud, inputs) {
    const parameters = known({
      policyName: textOf(inputs, "policyName"),
      policyType: textOf(inputs, "policyType"),
      roleName: textOf(inputs, "roleName"),
    });
    await cloud.ram().attachPolicyToRole(new (ram().AttachPolicyToRoleRequest)(parameters));
    return ["role", parameters.policyName, parameters.policyType, parameters.roleName].join(":");
  },

  async read(cloud, id) {
    const { policyName, policyType, roleName } = partsOf(id);
    try {
      const request = new (ram().ListPoliciesForRoleRequest)({ roleName });
      const { body } = await cloud.ram().listPoliciesForRole(request);
      const attached = body?.policies?.policy?.some(
        (policy) => policy.policyName === policyName && policy.policyType === policyType,
      );
      return attached ? { policyName, policyType, roleName } : undefined;
    } catch (error) {
      if (codeOf(error) === "EntityNotExist.Role") return undefined;
      throw error;
    }
  },

  // Whatever changes replaces it.
  async update() {},

  async delete(cloud, id) {
    try {
      await cloud.ram().detachPolicyFromRole(new (ram().DetachPolicyFromRoleRequest)(partsOf(id)));
    } catch (error) {
      if (!codeOf(error).startsWith("EntityNotExist.Role")) throw error;
    }
  },
};

function partsOf(id: string): { policyName: string; policyType: string; roleName: string } {
  const [, policyName = "", policyType = "", roleName = ""] = id.split(":");
  return { policyName, policyType, roleName };
}
