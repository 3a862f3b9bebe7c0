import * as fs from "node:fs";
import * as path from "node:path";
import { RAM_ACTIONS } from "../../../emulator/ram/ram-calls";
import { createRamService } from "../../../emulator/ram/ram-service";
import { RDS_ACTIONS } from "../../../emulator/rds/rds-actions";
import { MemoryWorld } from "../support/memory-world";
import { RdsFixture } from "../support/rds-fixture";

const README = fs.readFileSync(path.join(__dirname, "../../../emulator/rds/README.md"), "utf8");

/** Returns the names in backquotes in the second column of the matching table rows. */
function namesInRows(firstCell: RegExp): string[] {
  const rows = README.split("\n").filter((row) => firstCell.test(row));
  return rows.flatMap((row) => [...(row.split("|")[2] ?? "").matchAll(/`(\w+)`/g)].map(([, word]) => String(word)));
}

test("the support matrix names exactly the supported actions", () => {
  expect(namesInRows(/^\| RDS, /).sort()).toEqual([...RDS_ACTIONS.keys()].sort());
  expect(namesInRows(/^\| RAM /).sort()).toEqual(Object.keys(RAM_ACTIONS).sort());
});

test("the list of controls is complete", () => {
  const listed = [...README.matchAll(/^\| `((?:rds|ram)\.\w+)` +\|/gm)].map(([, name]) => name);
  const rds = Object.keys(new RdsFixture().rds.control).map((name) => `rds.${name}`);
  const ram = Object.keys(createRamService(new MemoryWorld()).control).map((name) => `ram.${name}`);
  expect(listed.sort()).toEqual([...rds, ...ram].sort());
});
