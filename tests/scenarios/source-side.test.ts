import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { Workspace } from "../../engine/engine";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import type { BaselineScript } from "../../provider/source/fact-group";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "../../testing/baseline/baseline-text";
import { partOf } from "../sql/support/scripts";
import { runTsql } from "../sql/support/tsql-interpreter";
import { engines } from "./harness";

jest.setTimeout(180_000);

const ROOT = join(__dirname, "..", "..");
let folder: string;
let emulator: Emulator;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "source-side-"));
  emulator = await startEmulator({ taskMs: 500 });
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The output of baseline.sql on the source, or of verify.sql on the destination. */
const outputOf = (script: BaselineScript): string =>
  baselineText(
    [
      ...[PLAIN_SERVER, { ...PLAIN_DATABASE, isCdcEnabled: script === "baseline" }, PLAIN_CONTENTS],
      ...[PLAIN_DATABASE, PLAIN_CONTENTS].map((record) => ({ ...record, database: "sales/2019" })),
    ],
    script,
  );

/** The file name that backup-databases.sql generates for a database, computed by running that part of the script. */
function backupFile(name: string): string {
  const unset = { "@refused": null, "@position": null, "@file_part": null, "@stem": null };
  const { variables } = runTsql(partOf("backup-databases.sql", "file-name"), {
    "@name": name,
    "@is_ambiguous": 0,
    ...unset,
  });
  return `${variables["@file_part"]}_FULL_20240501020000.bak`;
}

test.each(engines)(
  "backups with the script's file names become a manifest and two databases, with the findings of the baseline ($name)",
  async (engine) => {
    mkdirSync(join(folder, "backups"));
    for (const databaseName of ["ERP", "sales/2019"])
      await writeBackupFile(join(folder, "backups", backupFile(databaseName)), { databaseName, type: "full" });
    const [source, target] = [join(folder, "backups", "baseline.json"), join(folder, "verify.json")];
    writeFileSync(source, outputOf("baseline"));
    const lines: string[] = [];
    const console = { out: () => {}, err: (text: string) => lines.push(text), env: () => undefined };
    expect([
      await bakinfo([join(folder, "backups"), "--manifest", join(folder, "backups.json")], console),
      lines.filter((line) => line.includes("error")),
    ]).toEqual([0, []]);
    expect(JSON.parse(readFileSync(join(folder, "backups.json"), "utf8")).databases).toHaveLength(2);

    const workspace: Workspace = {
      projectDir: join(ROOT, "examples", "source-side"),
      stack: "dev",
      stateDir: join(folder, "state"),
      config: {
        "alicloud:region": emulator.region,
        instance: emulator.instanceId,
        bucket: emulator.bucket,
        manifest: join(folder, "backups.json"),
        verification: JSON.stringify({ source, target }),
      },
      env: emulatedEnvironment(emulator),
    };
    const previewed = await engine.run({ kind: "preview" }, workspace);
    const text = previewed.diagnostics.map(({ message }) => message).join("\n");
    expect(text).toMatch(/SOURCE_CDC: Database ERP: change data capture is on/);
    expect(text).toMatch(/not checked: .*verify\.json does not exist/);
    expect(previewed.exitCode).toBe(0);
    writeFileSync(target, outputOf("verify"));
    const up = await engine.run({ kind: "up" }, workspace);
    expect(up.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(up.outputs).toEqual({
      statuses: ["online", "online"],
      compared: { databases: 2, accepted: 0, todo: 1, expected: 0 },
    });
    expect((await engine.run({ kind: "preview", expectNoChanges: true }, workspace)).exitCode).toBe(0);
  },
);
