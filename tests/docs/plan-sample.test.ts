import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../provider/cli/sqlserver-migration";
import { writeManifestOfSizes } from "../provider/cli/support/manifest-of-sizes";
import { runCommand } from "../provider/cli/support/run-command";

const page = readFileSync(join(__dirname, "..", "..", "docs", "how-to", "planning.md"), "utf8");
const SIZES = { crm: 40e9, dwh: 900e9, erp: 360e9, hr: 12e9, shop: 120e9, web: 20e9 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-plan-sample-"));
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

it("the plan on the page is what the command prints", async () => {
  // The Tuesday before the weekend of the sample.
  jest.spyOn(Date, "now").mockReturnValue(Date.parse("2026-12-01T08:00:00Z"));
  const options = [
    "--free",
    "800GB",
    "--window",
    "Fri 22:00/Mon 06:00",
    "--timezone",
    "Asia/Shanghai",
    "--runners",
    "2",
  ];
  const { exit, out, err } = await runCommand(main, ["plan", writeManifestOfSizes(folder, SIZES), ...options]);
  expect([exit, err]).toEqual([1, ""]);
  const lines = out.split("\n").map((line) => line.trimEnd());
  expect(page).toContain(`\`\`\`text\n${lines.join("\n").trim()}\n\`\`\``);
});
