import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-cli";
import { backupSeries } from "../../testing/backup-writer/backup-series";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "../../testing/baseline/baseline-text";
import { pulumiEnvironment } from "../support/command-environment";
import { isFullRun, ONLY_IN_FULL_RUN } from "../support/full-run";
import { createPackedProject } from "../support/packed-project";
import { commandBlocks } from "../support/page-commands";
import { succeedInShell } from "../support/shell";

jest.setTimeout(900_000);

const DATABASES = ["crm", "erp", "hr"];
const PROGRAM = `import { Config } from "@pulumi/pulumi";
import { InstanceMigration } from "pulumi-alicloud-sqlserver-migration";
const config = new Config();
const phase = config.require("phase") as "restoring" | "online";
export const { summary } = new InstanceMigration("shop", {
  ...{ instance: config.require("instance"), bucket: config.require("bucket"), backups: "./backups" },
  ...{ pollInterval: "200ms", cutoverGroup: { phase } },
});
`;
/** `sqlcmd` and the server are missing here. */
const NEEDS_SQL_SERVER = /^sqlcmd /;

const missing = findCli() === undefined ? "the pulumi command is missing (npm run engine)" : undefined;
const skipped = isFullRun ? missing : ONLY_IN_FULL_RUN;
if (skipped !== undefined) console.warn(`SKIPPED: the night of a runbook: ${skipped}`);

let folder: string;
let project: string;
let emulator: Emulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-night-"));
  emulator = await startEmulator({ taskMs: 200 });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const shell = (lines: string): Promise<string> =>
  succeedInShell(lines, project, {
    ...emulatedEnvironment(emulator),
    ...pulumiEnvironment(folder),
    PULUMI_SKIP_CONFIRMATIONS: "true",
  });

/** Writes the `at`-th backup of every database: the full one, a log, and the last log. */
async function write(at: 0 | 1 | 2, place: (database: string) => string): Promise<void> {
  for (const databaseName of DATABASES) {
    const start = { databaseName, startDate: "2026-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 };
    const spec = backupSeries(start, ["full", "log", "log"])[at];
    const extension = at === 0 ? "bak" : "trn";
    const path = join(project, place(databaseName), `${databaseName}-${at}.${extension}`);
    if (spec !== undefined) await writeBackupFile(path, at === 2 ? { ...spec, isTail: true } : spec);
  }
}

interface Section {
  title: string;
  text: string;
  commands: string[];
  expected: string[];
}

/** The steps and the way back, in the order of the document. */
const sectionsOf = (page: string): Section[] =>
  page
    .split(/^### /m)
    .slice(1)
    .map((text) => ({
      text,
      title: text.slice(0, text.indexOf("\n")),
      commands: commandBlocks(text).flatMap((block) => block.text.trim().split("\n")),
      expected: /```text\n([\s\S]*?)\n```/.exec(text)?.[1]?.split("\n") ?? [],
    }));

(skipped === undefined ? test : test.skip)(
  "a night of three databases: the commands of the runbook print the lines that it expects",
  async () => {
    project = createPackedProject(folder, "shop");
    writeFileSync(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(join(project, "index.ts"), PROGRAM);
    mkdirSync(join(project, "backups", "logs"), { recursive: true });
    await write(0, () => "backups");
    const { region, instanceId, bucket } = emulator;
    await shell(
      [
        "pulumi stack init prod",
        `pulumi config set alicloud:region ${region}`,
        `pulumi config set instance ${instanceId}`,
        `pulumi config set bucket ${bucket}`,
        "pulumi config set phase restoring",
      ].join("\n"),
    );
    // An InstanceMigration takes increments from the first log on.
    await write(1, () => "backups/logs");
    await shell("pulumi up");
    const startedMs = Date.now();
    const start = new Date().toISOString().slice(0, 16).replace("T", " ");
    const options = `--stack prod --start '${start}' --timezone UTC --folder 'D:\\migration' --login dba`;
    const before = await shell(`npx --no sqlserver-migration runbook ${options}`);
    const sections = sectionsOf(before);
    const stepCalled = (title: string): Section => {
      const found = sections.find((section) => section.title.includes(title));
      if (found === undefined) throw new Error(`the runbook has no step ${title}:\n${before}`);
      return found;
    };
    const run = async (title: string): Promise<string> => {
      const commands = stepCalled(title).commands.filter((line) => !NEEDS_SQL_SERVER.test(line));
      return commands.length === 0 ? "" : shell(commands.join("\n"));
    };
    /** Runs a step; each line that it expects is printed as it is, or with its own file in place of the ellipsis. */
    const runAsExpected = async (title: string): Promise<string> => {
      const printed = await run(title);
      const parts = stepCalled(title).expected.map((line) => line.split("…")[0] ?? "");
      expect(parts).not.toEqual([]);
      expect(parts.filter((part) => !printed.includes(part))).toEqual([]);
      return printed;
    };
    const sqlOf = (name: string): string => readFileSync(join(project, name), "utf8");

    await runAsExpected("Apply the logs that have come");
    await run("Save the logins");
    expect(sqlOf("logins.sql")).toMatch(/CREATE LOGIN/);
    await run("Check the last log without taking it");
    const [checked = ""] = stepCalled("Check the last log").expected;
    for (const number of [1, 2, 3]) expect(sqlOf(`group1-tail-${number}.sql`).replaceAll("''", "'")).toContain(checked);
    await run("Record the source");
    await run("Take the last log");
    for (const [index, name] of DATABASES.entries())
      expect(sqlOf(`group1-tail-${index + 1}.sql`)).toContain(`N'[${name}]'`);

    const places = new Map(
      [...stepCalled("Bring the files").text.matchAll(/`(\w+)` to `([^`]+)`/g)].map(([, name = "", place = ""]) => [
        name,
        place,
      ]),
    );
    expect([...places.keys()]).toEqual(DATABASES);
    await write(2, (database) => places.get(database) ?? "");
    await run("Bring the files");
    const applied = await runAsExpected("Apply the last log");
    for (const name of DATABASES) expect(applied).toMatch(new RegExp(`applied .*${name}-2\\.trn`));

    await runAsExpected("Preview the cutover");
    await run("Way back");
    expect(await shell("pulumi preview --stack prod")).not.toContain("CUTOVER");
    const announced = await runAsExpected("Preview the cutover");
    expect(announced).not.toMatch(/^ *error:/m);
    await runAsExpected("Point of no return");
    await run("Create the logins");

    // What the two queries would print.
    const records = DATABASES.flatMap((database) => [
      { ...PLAIN_DATABASE, database },
      { ...PLAIN_CONTENTS, database },
    ]);
    writeFileSync(join(project, "group1-source.json"), baselineText([PLAIN_SERVER, ...records], "verify"));
    cpSync(join(project, "group1-source.json"), join(project, "group1-destination.json"));
    await runAsExpected("Compare");
    for (const name of DATABASES) expect(sqlOf("group1-destination.sql")).toContain(name);

    const [repeat] = commandBlocks(before);
    const after = await shell(repeat?.text ?? "");
    const afterwards = (title: string): string =>
      new RegExp(`^\\|.*${title}.*\\| ([^|]*) \\|$`, "m").exec(after)?.[1] ?? "";
    const real = ["Take the last log", "Apply the last log", "Point of no return"].map((title) =>
      Date.parse(`${afterwards(title).slice(4).replace(" ", "T")}Z`),
    );
    expect(real).toEqual([...real].sort((one, other) => one - other));
    expect(real[0]).toBeGreaterThanOrEqual(startedMs - 60_000);
    expect(real[2]).toBeLessThanOrEqual(Date.now());
    for (const name of DATABASES)
      expect(after).toMatch(new RegExp(`^\\| \`${name}\` (\\| \\w{3} [\\d: -]{16} ){3}\\| .*\\| online \\|$`, "m"));
    // The expected minutes and the clock are those of before.
    const table = (page: string) => page.match(/^\| \d+ \|.*$/gm)?.map((row) => row.slice(0, row.lastIndexOf(" | ")));
    expect(table(after)).toEqual(table(before));
    expect(table(before)).toHaveLength(16);
  },
);
