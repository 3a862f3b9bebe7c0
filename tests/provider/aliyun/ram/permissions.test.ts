import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RAM_ACTIONS } from "../../../../provider/aliyun/oss/oss-refusal";
import {
  migrationPolicy,
  OSS_PERMISSIONS,
  PERMISSIONS,
  RDS_PERMISSIONS,
} from "../../../../provider/aliyun/ram/permissions";

const actionsOf = (policy = migrationPolicy()): string[] => policy.Statement.flatMap(({ Action }) => Action);

test("are exactly the calls that the code makes", () => {
  const client = readFileSync(join(__dirname, "../../../../provider/aliyun/rds/rds-client.ts"), "utf8");
  const called = [...client.matchAll(/(?:read|call)\(\s*"(\w+)"/g)].map(([, name]) => `rds:${name}`);
  expect(Object.keys(RDS_PERMISSIONS).sort()).toEqual([...new Set(called)].sort());
  expect(Object.keys(OSS_PERMISSIONS).sort()).toEqual([...new Set<string>(Object.values(RAM_ACTIONS))].sort());
});

test("a policy has each action once, on the resources of its kind", () => {
  const policy = migrationPolicy({ instanceId: "rm-1", bucket: "backups" });
  expect(actionsOf(policy).sort()).toEqual([...PERMISSIONS.keys()].sort());
  expect(policy.Statement.map(({ Resource }) => Resource)).toEqual([
    ["acs:rds:*:*:dbinstance/rm-1"],
    ["acs:oss:*:*:backups"],
    ["acs:oss:*:*:backups/*"],
    ["acs:ram:*:*:role/AliyunRDSImportRole", "acs:ram:*:*:role/AliyunServiceRoleForRdsImport"],
  ]);
});

test("nothing beyond the actions is granted where no instance or bucket is named", () => {
  expect(migrationPolicy().Statement.map(({ Resource }) => Resource[0])).toEqual([
    ...["acs:rds:*:*:dbinstance/*", "acs:oss:*:*:*", "acs:oss:*:*:*/*"],
    "acs:ram:*:*:role/AliyunRDSImportRole",
  ]);
});

test("a policy that only looks has no action that could change anything", () => {
  const looks = actionsOf(migrationPolicy({ purpose: "look" }));
  expect(looks.length).toBeGreaterThan(8);
  for (const action of looks) expect(action).toMatch(/^\w+:(Describe|Get|List)/);
  for (const action of actionsOf()) if (/:(Describe|Get|List)/.test(action)) expect(looks).toContain(action);
});
