import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBaseline } from "../../../components/discovery/find-baseline";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "baseline-"));
  mkdirSync(join(folder, "backups", "SQL01", "ERP"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const save = (...place: string[]): void => writeFileSync(join(folder, ...place), "{}");

test("finds the baseline at the top of the folder of the backups, and beside a manifest", () => {
  const backups = join(folder, "backups");
  expect([findBaseline(backups), findBaseline(join(folder, "backups.json"))]).toEqual([undefined, undefined]);
  save("backups", "baseline.json");
  expect(findBaseline(backups)).toBe(`${backups}/baseline.json`);
  expect(findBaseline(`${backups}//`)).toBe(`${backups}/baseline.json`);
  expect(findBaseline(join(folder, "backups.json"))).toBeUndefined();
  save("baseline.json");
  expect(findBaseline(join(folder, "backups.json"))).toBe(`${folder}/baseline.json`);
});

test.each([["oss://backups/erp"], [["erp.bak"]], [[{ database: "erp", backup: "erp.bak" }]]])(
  "leaves %j to the check of each migration",
  (backups) => {
    save("baseline.json");
    expect(findBaseline(backups)).toBeUndefined();
  },
);
