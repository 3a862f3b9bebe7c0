import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planChains } from "../../../provider/backup/chain";
import { buildManifest, manifestText, parseManifest } from "../../../provider/backup/manifest";
import { readWritten } from "./recorded-backups";

async function someManifest() {
  const full = await readWritten("ERP.bak", { databaseName: "ERP", type: "full" });
  return buildManifest(planChains([full]), async (file) => ({ file, sizeBytes: 1, crc64: "18446744073709551615" }));
}

it("a manifest reads back as written, including numbers above 2^53", async () => {
  const manifest = await someManifest();
  expect(parseManifest(manifestText(manifest), "m.json")).toEqual(manifest);
  expect(manifest.databases[0]?.backup.crc64).toBe("18446744073709551615");
});

it.each([
  ["invalid JSON", "{", /the file: it is not valid JSON/],
  ["another version", '{"version":2,"databases":[]}', /version/],
  ["a field that is missing", '{"version":1,"databases":[{"database":"ERP","increments":[]}]}', /databases\.0\.backup/],
  ["a field too many", '{"version":1,"databases":[],"extra":1}', /extra/],
  ["no object", "[]", /the file/],
])("refuses %s and names the place", (_what, text, message) => {
  expect(() => parseManifest(text, "m.json")).toThrow(expect.objectContaining({ code: "MANIFEST_INVALID" }));
  expect(() => parseManifest(text, "m.json")).toThrow(message);
});

it("the manifest in docs/reference/backups.md is valid", () => {
  const text = readFileSync(join(__dirname, "..", "..", "..", "docs", "reference", "backups.md"), "utf8");
  const [, block = ""] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  expect(parseManifest(block, "docs/reference/backups.md").databases[0]?.backup.file).toBe("ERP_FULL.bak");
});
