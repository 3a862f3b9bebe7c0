import { type CloudKind, codeOf, known, textOf } from "./cloud-kind";

const ram = () => require("@alicloud/ram20150501") as typeof import("@alicloud/ram20150501");
const GONE = "EntityNotExist.Role";

/** `alicloud.ram.Role`, with both its old and new input names. */
export const roleKind: CloudKind = {
  type: "alicloud:ram/role:Role",
  inputs: ["roleName", "name", "assumeRolePolicyDocument", "document", "description", "maxSessionDuration", "force"],
  replaces: ["roleName", "name"],
  autoName: "roleName",

  async create(cloud, inputs) {
    const roleName = textOf(inputs, "roleName") ?? "";
    const parameters = known({
      roleName,
      assumeRolePolicyDocument: trustPolicy(inputs),
      description: textOf(inputs, "description"),
      maxSessionDuration: inputs.maxSessionDuration,
    });
    await cloud.ram().createRole(new (ram().CreateRoleRequest)(parameters));
    return roleName;
  },

  async read(cloud, id) {
    try {
      const { body } = await cloud.ram().getRole(new (ram().GetRoleRequest)({ roleName: id }));
      const role = body?.role;
      return known({
        roleName: role?.roleName,
        name: role?.roleName,
        roleId: role?.roleId,
        arn: role?.arn,
        assumeRolePolicyDocument: role?.assumeRolePolicyDocument,
        document: role?.assumeRolePolicyDocument,
        description: role?.description,
        maxSessionDuration: role?.maxSessionDuration,
        createTime: role?.createDate,
      });
    } catch (error) {
      if (codeOf(error) === GONE) return undefined;
      throw error;
    }
  },

  async update(cloud, id, inputs) {
    const parameters = known({
      roleName: id,
      newAssumeRolePolicyDocument: trustPolicy(inputs),
      newDescription: textOf(inputs, "description"),
      newMaxSessionDuration: inputs.maxSessionDuration,
    });
    await cloud.ram().updateRole(new (ram().UpdateRoleRequest)(parameters));
  },

  async delete(cloud, id) {
    try {
      await cloud.ram().deleteRole(new (ram().DeleteRoleRequest)({ roleName: id }));
    } catch (error) {
      if (codeOf(error) !== GONE) throw error;
    }
  },
};

const trustPolicy = (inputs: Parameters<CloudKind["create"]>[1]): string | undefined =>
  textOf(inputs, "assumeRolePolicyDocument") ?? textOf(inputs, "document");
