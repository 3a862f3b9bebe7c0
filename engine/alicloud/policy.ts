import { type CloudKind, codeOf, known, textOf } from "./cloud-kind";

const ram = () => require("@alicloud/ram20150501") as typeof import("@alicloud/ram20150501");
const GONE = "EntityNotExist.Policy";

/** `alicloud.ram.Policy`; a changed document becomes the new default version. */
export const policyKind: CloudKind = {
  type: "alicloud:ram/policy:Policy",
  inputs: ["policyName", "policyDocument", "description"],
  replaces: ["policyName", "description"],
  autoName: "policyName",

  async create(cloud, inputs) {
    const policyName = textOf(inputs, "policyName") ?? "";
    const parameters = known({
      policyName,
      policyDocument: textOf(inputs, "policyDocument"),
      description: textOf(inputs, "description"),
    });
    await cloud.ram().createPolicy(new (ram().CreatePolicyRequest)(parameters));
    return policyName;
  },

  async read(cloud, id) {
    try {
      const request = new (ram().GetPolicyRequest)({ policyName: id, policyType: "Custom" });
      const { body } = await cloud.ram().getPolicy(request);
      return known({
        policyName: body?.policy?.policyName,
        policyDocument: body?.defaultPolicyVersion?.policyDocument,
        description: body?.policy?.description,
        type: body?.policy?.policyType,
        versionId: body?.defaultPolicyVersion?.versionId,
        createTime: body?.policy?.createDate,
      });
    } catch (error) {
      if (codeOf(error) === GONE) return undefined;
      throw error;
    }
  },

  async update(cloud, id, inputs) {
    const parameters = { policyName: id, policyDocument: textOf(inputs, "policyDocument"), setAsDefault: true };
    await cloud.ram().createPolicyVersion(new (ram().CreatePolicyVersionRequest)(parameters));
  },

  async delete(cloud, id) {
    try {
      await cloud.ram().deletePolicy(new (ram().DeletePolicyRequest)({ policyName: id }));
    } catch (error) {
      if (codeOf(error) !== GONE) throw error;
    }
  },
};
