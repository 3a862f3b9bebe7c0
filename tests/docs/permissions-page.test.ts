import { readFileSync } from "node:fs";
import { join } from "node:path";
import { migrationPolicy, PERMISSIONS } from "../../provider/ram/permissions";

const page = readFileSync(join(__dirname, "..", "..", "docs", "permissions.md"), "utf8");

const SUBJECTS = {
  instance: "the instance",
  bucket: "the bucket",
  object: "its objects",
  importRole: "the import role",
};

test("lists every action of the policy with what it is for, and no other", () => {
  const rows = [...page.matchAll(/^\| `(\w+:\w+)` +\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(
    [...PERMISSIONS].map(([action, { on, looks, use }]) => [action, SUBJECTS[on], looks ? "yes" : "–", use]),
  );
});

test("shows the policy of a preview as the code makes it", () => {
  const [, policy = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  expect(JSON.parse(policy)).toEqual(
    migrationPolicy({ instanceId: "rm-2zesz5774ud8s71i5", bucket: "your-bucket", purpose: "look" }),
  );
});
