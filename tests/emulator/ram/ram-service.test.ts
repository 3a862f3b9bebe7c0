import { createRamService } from "../../../emulator/ram/ram-service";
import { importRoleUsable, ramDocument } from "../../../emulator/ram/ram-state";
import { MemoryWorld } from "../support/memory-world";
import { listOf, refusalOf } from "../support/rds-fixture";

const TRUST = JSON.stringify({ Version: "1", Statement: [] });

function ramFixture() {
  const world = new MemoryWorld();
  const ram = createRamService(world);
  const send = (action: string, params: Record<string, string> = {}) => world.send(ram.call, "Ram", action, params);
  return { world, ram, send };
}

test("has the import role from the start, with the account in its ARN and RDS in its trust policy", async () => {
  const { send } = ramFixture();
  const reply = await send("GetRole", { RoleName: "AliyunRDSImportRole" });
  expect(reply).toMatchObject({
    Role: {
      RoleName: "AliyunRDSImportRole",
      Arn: "acs:ram::1234567890:role/AliyunRDSImportRole",
      RoleId: expect.any(String),
      CreateDate: "2026-08-03T12:00:00Z",
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument:
        '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":["rds.aliyuncs.com"]}}],"Version":"1"}',
    },
  });
});

test("returns 404 EntityNotExist.Role for a missing role", async () => {
  const refusal = await refusalOf(ramFixture().send("GetRole", { RoleName: "Other" }));
  expect([refusal.status, refusal.code]).toEqual([404, "EntityNotExist.Role"]);
});

test("creates, tags, updates and deletes a role", async () => {
  const { send } = ramFixture();
  const role = { RoleName: "Migration" };
  const policy = { ...role, PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: "System" };
  await send("CreateRole", {
    ...role,
    AssumeRolePolicyDocument: TRUST,
    Description: "d",
    "Tag.1.Key": "team",
    "Tag.1.Value": "erp",
  });
  const tags = await send("ListTagResources", { ResourceType: "role", ResourceNames: '["Migration"]' });
  expect(listOf(tags.TagResources, "TagResource")).toMatchObject([{ TagKey: "team", TagValue: "erp" }]);
  await send("AttachPolicyToRole", policy);
  const attached = await send("ListPoliciesForRole", role);
  expect(listOf(attached.Policies, "Policy")).toMatchObject([
    { PolicyName: "AliyunOSSReadOnlyAccess", PolicyType: "System" },
  ]);
  expect((await refusalOf(send("DeleteRole", role))).code).toBe("DeleteConflict.Role.Policy");
  await send("DetachPolicyFromRole", policy);
  await send("UpdateRole", { ...role, NewAssumeRolePolicyDocument: "{}" });
  expect(await send("GetRole", { RoleName: "migration" })).toHaveProperty("Role.AssumeRolePolicyDocument", "{}");
  await send("DeleteRole", role);
  expect((await refusalOf(send("GetRole", role))).status).toBe(404);
});

test.each([
  ["CreateRole", { RoleName: "AliyunRDSImportRole", AssumeRolePolicyDocument: TRUST }, 409, "EntityAlreadyExists.Role"],
  ["CreateRole", { RoleName: "New", AssumeRolePolicyDocument: "{" }, 400, "MalformedPolicyDocument"],
  ["CreateRole", { RoleName: "New" }, 400, "MissingAssumeRolePolicyDocument"],
  ["UpdateRole", { RoleName: "AliyunRDSImportRole", NewAssumeRolePolicyDocument: "{" }, 400, "MalformedPolicyDocument"],
  ["DeleteRole", { RoleName: "Other" }, 404, "EntityNotExist.Role"],
  [
    "AttachPolicyToRole",
    { RoleName: "AliyunRDSImportRole", PolicyName: "AliyunRDSImportRolePolicy", PolicyType: "System" },
    409,
    "EntityAlreadyExists.Role.Policy",
  ],
  [
    "DetachPolicyFromRole",
    { RoleName: "AliyunRDSImportRole", PolicyName: "Other", PolicyType: "Custom" },
    404,
    "EntityNotExist.Role.Policy",
  ],
  ["ListUsers", {}, 404, "InvalidAction.NotFound"],
])("refuses %s %p with %d %s", async (action, params, status, code) => {
  const refusal = await refusalOf(ramFixture().send(action, params));
  expect([refusal.status, refusal.code]).toEqual([status, code]);
});

test("refuses a forbidden action with NoPermission, as many times as set", async () => {
  const { send, ram } = ramFixture();
  await ram.control.forbidAction({ action: "GetRole", times: 1 });
  const role = { RoleName: "AliyunRDSImportRole" };
  const refusal = await refusalOf(send("GetRole", role));
  expect([refusal.status, refusal.code]).toEqual([403, "NoPermission"]);
  await send("GetRole", role);
  await ram.control.forbidAction({ action: "*" });
  await refusalOf(send("GetRole", role));
  await ram.control.allowActions({});
  await send("GetRole", role);
});

test.each([
  ["trusts RDS and has a policy", {}, true],
  ["has no policy", { policies: [] }, false],
  ["trusts no service", { trustedServices: [] }, false],
  ["has a trust policy that is not JSON", { trustPolicy: "{" }, false],
  [
    "names the service as a string",
    { trustPolicy: '{"Statement":[{"Effect":"Allow","Principal":{"Service":"rds.aliyuncs.com"}}]}' },
    true,
  ],
  [
    "denies the service",
    { trustPolicy: '{"Statement":[{"Effect":"Deny","Principal":{"Service":["rds.aliyuncs.com"]}}]}' },
    false,
  ],
])("checks an import role that %s", async (_, role, usable) => {
  const { world, ram } = ramFixture();
  await ram.control.setRole({ name: "AliyunRDSImportRole", ...role });
  expect(importRoleUsable(ramDocument(world).value)).toBe(usable);
});

test("keeps roles across a restart", async () => {
  const { world, send } = ramFixture();
  await send("CreateRole", { RoleName: "Kept", AssumeRolePolicyDocument: TRUST });
  const next = world.restarted();
  await next.send(createRamService(next).call, "Ram", "GetRole", { RoleName: "Kept" });
});

test("creates, attaches, updates and deletes a custom policy of a user and a role", async () => {
  const { send } = ramFixture();
  const policy = { PolicyName: "migrations" };
  const attached = { ...policy, PolicyType: "Custom" };
  const refusedWith = async (action: string, params: Record<string, string>) =>
    (await refusalOf(send(action, params))).code;
  expect(await refusedWith("AttachPolicyToUser", { ...attached, UserName: "ci" })).toBe("EntityNotExist.Policy");
  expect(await refusedWith("CreatePolicy", { ...policy, PolicyDocument: "{" })).toBe("MalformedPolicyDocument");
  await send("CreatePolicy", { ...policy, PolicyDocument: TRUST });
  expect(await refusedWith("CreatePolicy", { ...policy, PolicyDocument: TRUST })).toBe("EntityAlreadyExists.Policy");

  await send("AttachPolicyToUser", { ...attached, UserName: "ci" });
  await send("AttachPolicyToRole", { ...attached, RoleName: "AliyunRDSImportRole" });
  const again = { ...attached, UserName: "ci" };
  expect(await refusedWith("AttachPolicyToUser", again)).toBe("EntityAlreadyExists.User.Policy");
  const ofUser = await send("ListPoliciesForUser", { UserName: "ci" });
  expect(listOf(ofUser.Policies, "Policy")).toMatchObject([{ PolicyName: "migrations", PolicyType: "Custom" }]);
  await send("CreatePolicyVersion", { ...policy, PolicyDocument: "{}", SetAsDefault: "true" });
  expect(await send("GetPolicy", attached)).toMatchObject({
    Policy: { AttachmentCount: 2 },
    DefaultPolicyVersion: { PolicyDocument: "{}" },
  });

  expect(await refusedWith("DeletePolicy", policy)).toBe("DeleteConflict.Policy.Attached");
  await send("DetachPolicyFromUser", { ...attached, UserName: "ci" });
  expect(await refusedWith("DetachPolicyFromUser", again)).toBe("EntityNotExist.User.Policy");
  await send("DetachPolicyFromRole", { ...attached, RoleName: "AliyunRDSImportRole" });
  await send("DeletePolicy", policy);
  expect(await refusedWith("GetPolicy", attached)).toBe("EntityNotExist.Policy");
});
