import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCli } from "../../engine/find-cli";
import { backupSeries } from "../../testing/backup-writer/backup-series";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { isFullRun } from "../support/full-run";
import { commandEnvironment, createPackedProject } from "../support/packed-project";
import { bashBlocks, type Replacement, replaceLines } from "../support/page-commands";
import { succeedInShell } from "../support/shell";

jest.setTimeout(400_000);

const ROOT = join(__dirname, "..", "..");
const page = (name: string): string => join(ROOT, "docs", "tutorials", name);

/** A minute and more, so only with all scenarios. */
const isRun = isFullRun && findCli() !== undefined;
const itRuns = isRun ? it : it.skip;

let folder: string;
let packed: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-tutorial-"));
  if (isRun) packed = createPackedProject(folder, "packed");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A project with an example's files, as the commands below "The project" create it. */
function createProject(example: string): string {
  const project = join(folder, example);
  mkdirSync(project);
  for (const name of ["index.ts", "Pulumi.yaml"]) cpSync(join(ROOT, "examples", example, name), join(project, name));
  for (const name of ["node_modules", "package.json"]) symlinkSync(join(packed, name), join(project, name));
  return project;
}

const WITHOUT_TERMINAL: Replacement[] = ["up", "destroy"].map((command) => ({
  line: new RegExp(`-- pulumi ${command}$`, "gm"),
  by: `-- pulumi ${command} --yes --non-interactive`,
  why: "the test has no terminal",
}));

/** Runs the blocks below the headings in one shell. */
const follow = (tutorial: string, headings: string[], project: string, replaced: Replacement[]): Promise<string> => {
  const lines = headings.flatMap((heading) => bashBlocks(page(tutorial), `## ${heading}`)).join("\n");
  return succeedInShell(replaceLines(lines, [...WITHOUT_TERMINAL, ...replaced]), project, commandEnvironment(folder));
};

itRuns("a folder of six databases: six online, a seventh added, destroyed", async () => {
  const project = createProject("manifest");
  mkdirSync(join(project, "backups"));
  for (const databaseName of ["crm", "dwh", "erp", "hr", "shop", "web"])
    await writeBackupFile(join(project, "backups", `${databaseName}.bak`), { databaseName, type: "full" });
  const ledger = join(folder, "ledger.bak");
  await writeBackupFile(ledger, { databaseName: "ledger", type: "full" });
  const output = await follow("whole-instance.md", ["The first run", "A seventh database", "Clean up"], project, [
    { line: /\/backups\/ledger\.bak/, by: ledger, why: "the reader's own file" },
  ]);
  expect(output).toContain('{"failed":0,"inProgress":0,"online":6,"total":6,"waitingForIncrements":0}');
  expect(output).toMatch(/^7 of 7 databases online|\bledger +(online|submitted|restoring)/m);
});

itRuns("a first cutover: closed until the tail log, announced by the preview, then online", async () => {
  const project = createProject("cutover");
  const start = { databaseName: "erp", startDate: "2024-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 };
  const [full = start, first = start, tail = start] = backupSeries(start, ["full", "log", "log"]);
  for (const name of ["backups", "logs"]) mkdirSync(join(project, name));
  await writeBackupFile(join(project, "backups", "erp.bak"), { type: "full", ...full });
  await writeBackupFile(join(project, "logs", "erp_1.trn"), { type: "log", ...first });
  const tailFile = join(folder, "erp_tail.trn");
  await writeBackupFile(tailFile, { type: "log", ...tail, isTail: true });
  const output = await follow("first-cutover.md", ["Restore, and keep closed", "The last log", "Clean up"], project, [
    {
      line: /^pulumi config set bucket .*$/m,
      by: "pulumi config set bucket acme-migration\npulumi config set pollInterval 200ms",
      why: "seconds count",
    },
    { line: /\/backups\/erp_tail\.trn/, by: tailFile, why: "the reader's own file" },
  ]);
  expect(output).toMatch(/waitingForIncrements/);
  expect(output).toMatch(/CUTOVER of erp[\s\S]*POINT OF NO RETURN/);
  expect(output).toMatch(/\nonline\n/);
});
