import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OssOperation, RAM_ACTIONS } from "../../../../provider/aliyun/oss/oss-refusal";
import { Fixture, until } from "../../../../testing/fixture";

const page = readFileSync(join(__dirname, "..", "..", "..", "..", "docs", "reference", "permissions.md"), "utf8");
const [, policy = ""] = /npm run docs: migration policy -->\s*```json\n([\s\S]*?)```/.exec(page) ?? [];
const permitted: string[] = JSON.parse(policy).Statement.flatMap(({ Action }: { Action: string[] }) => Action);

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

/** The RAM actions behind the requests that the emulated cloud saw. */
function askedFor(): string[] {
  const actions = fixture.emulator.journal.entries
    .filter(({ status }) => status !== undefined)
    .map(({ service, action }) => (service === "oss" ? RAM_ACTIONS[action as OssOperation] : `${service}:${action}`));
  return [...new Set(actions)].sort();
}

test("the policy of docs/reference/permissions.md permits every call of a migration's whole life", async () => {
  const { emulator } = fixture;
  // Roles, disk use and versions are looked at in the second place too.
  await emulator.rds.setInstance({ id: emulator.instanceId, withheldAttributes: ["DBInstanceDiskUsed"] });
  const args = { backup: await fixture.backup("erp.bak", { dataBytes: 1_000_000 }), onDestroy: "stop" };
  await emulator.ram.removeRole({ name: "AliyunRDSImportRole" });
  expect((await fixture.preview(args)).failures).toHaveLength(1);
  await emulator.ram.setRole({ name: "AliyunRDSImportRole" });
  const half = await fixture.upToUploading(args);
  const done = await fixture.up(args, half);
  expect(done.outputs).toMatchObject({ status: "online" });
  await fixture.refresh(done);

  const other = { ...args, backup: await fixture.backup("crm.bak", { databaseName: "crm" }), databaseName: "crm" };
  await emulator.rds.shapeRestore({ dbName: "crm", holdAt: "restoring" });
  const crm = await fixture.up({ ...other, wait: "submitted" });
  await until(() => fixture.isTaskAt("restoring"));
  // A lost state: whose task it is shows in the service's list and files.
  const again = await fixture.up({ ...other, wait: "submitted" });
  expect(again.outputs.migrateTaskId).toBe(crm.outputs.migrateTaskId);
  await fixture.destroy(again);

  const third = await fixture.upToUploading({
    ...args,
    backup: await fixture.backup("hr.bak", { databaseName: "hr", dataBytes: 1_000_000 }),
    databaseName: "hr",
  });
  await fixture.destroy(third);

  const seen = askedFor();
  expect(seen).toEqual(expect.arrayContaining(["rds:TerminateMigrateTask", "oss:AbortMultipartUpload", "ram:GetRole"]));
  expect(seen.length).toBeGreaterThan(12);
  expect(seen.filter((action) => !permitted.includes(action))).toEqual([]);
});

test("and every call to OSS that the code can make, and no action that nothing needs", () => {
  const oss = [...new Set<string>(Object.values(RAM_ACTIONS))].sort();
  expect(permitted.filter((action) => action.startsWith("oss:")).sort()).toEqual(oss);
});
