import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../engine/engine";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { hosts, messages, openScenario, type Scenario } from "./harness";

jest.setTimeout(400_000);

/** Clears the screen, sets the window's title, reverses text, and gives a runner two commands. */
const HOSTILE = "\u001b[2J\u001b]0;owned\u0007\u009b1A\u202edne\n ::error::from the text\n##[command]from the text";
const FILE_NAME = `数据库 ${HOSTILE.replaceAll("/", "")}.bak`;
const DATABASE = "数据库\u001b[2J\n::error::na##[command]me";

/** What a terminal obeys: everything but tab, newline and the engine's own colours. */
function controlsIn(output: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  const withoutColours = output.replace(/\u001b\[[0-9;]*m/g, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return withoutColours.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g) ?? [];
}

/**
 * The lines that a runner takes for commands: GitHub's `::` at the begin of a line behind blanks, the `##` forms anywhere.
 * @see https://github.com/actions/runner `src/Runner.Common/ActionCommand.cs`
 */
const commandsIn = (output: string): string[] =>
  output.split(/[\r\n]/).filter((line) => line.trimStart().startsWith("::") || /##(vso|teamcity)?\[/.test(line));

describe.each(hosts)("words of other people with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "instance-program");
    folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-folder-"));
    await writeBackupFile(join(folder, FILE_NAME), { databaseName: DATABASE, type: "full", dataBytes: 256 * 1024 });
    const { instanceId: instance, bucket } = scenario.emulator;
    scenario.configure("instance", JSON.stringify({ instance, bucket, backups: folder, pollInterval: "200ms" }));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await scenario.close();
  });

  /** Checks everything that a run prints; the engine's own output only where the engine is the real one. */
  function expectHarmless(run: RunResult): void {
    const output = engine.name === "pulumi" ? run.stdout + run.stderr : messages(run);
    expect(output).toContain("数据库");
    expect(output).toContain("\\x1b[2J");
    expect({ controls: controlsIn(output), commands: commandsIn(output) }).toEqual({ controls: [], commands: [] });
  }

  test("a database, a file, a refusal and a failed task show their texts and obey none", async () => {
    const { run, emulator } = scenario;
    expectHarmless(await run({ kind: "preview" }));

    emulator.faults.add({
      match: { action: "CreateMigrateTask" },
      nth: 1,
      effect: { kind: "refuse", status: 400, code: "Refused", message: HOSTILE },
    });
    expectHarmless(await run({ kind: "up" }));

    await emulator.rds.shapeRestore({ dbName: DATABASE, failWith: HOSTILE });
    expectHarmless(await run({ kind: "up" }));
    expectHarmless(await run({ kind: "preview" }));
  });
});
