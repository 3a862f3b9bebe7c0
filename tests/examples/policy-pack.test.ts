import type { PolicyResourceOptions, ResourceValidationArgs } from "@pulumi/policy";
import { policies } from "../../examples/policy-pack/rules";
import { dynamicType, nativeType } from "../../provider/model/resource-type";

/** Names of the rules that a resource violates. */
async function violated(
  type: string,
  props: Record<string, unknown>,
  opts: Partial<PolicyResourceOptions> = {},
): Promise<string[]> {
  const names: string[] = [];
  const resource = { type, props, opts } as ResourceValidationArgs;
  for (const { name, validateResource } of policies) {
    for (const validate of [validateResource ?? []].flat()) await validate(resource, () => void names.push(name));
  }
  return names;
}

describe.each([dynamicType("DatabaseMigration"), nativeType("DatabaseMigration")])("%s", (type) => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ["with a manifest", { backup: "./erp.bak", manifest: {} }, []],
    ["without a manifest", { backup: "./erp.bak" }, ["reviewed-backup"]],
    ["of an object", { backup: "oss://bucket/erp.bak" }, []],
    ["of an existing database", { adopt: true }, []],
    ["that may overwrite", { adopt: true, allowOverwrite: true }, ["no-overwrite"]],
    ["that waits for its group", { adopt: true, increments: "./logs", phase: "restoring" }, []],
    ["with increments that opens its database", { adopt: true, increments: "./logs" }, ["group-opens"]],
    ["with the phase online", { adopt: true, phase: "online" }, ["group-opens"]],
  ])("a migration %s", async (_title, props, names) => {
    expect(await violated(type, props)).toEqual(names);
  });
});

test("an instance has to be protected; other types have no rule", async () => {
  expect(await violated("alicloud:rds/instance:Instance", {}, { protect: false })).toEqual(["protected-instance"]);
  expect(await violated("alicloud:rds/instance:Instance", {}, { protect: true })).toEqual([]);
  expect(await violated(dynamicType("CutoverGroup"), { phase: "online" })).toEqual([]);
});
