import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { backupSeries } from "../../../testing/backup-writer/backup-series";
import { writeBackupFile } from "../../../testing/backup-writer/write-backup-file";
import { Fixture, type LogRow } from "../../../testing/fixture";
import { taken } from "./chain-fixture";

const FAST = { pollInterval: "20ms" };
const DATA = { startDate: "2024-05-01T02:00:00", dataBytes: 65_536, logBytes: 4_096 };

let fixture: Fixture;
/** Of erp: the full backup and its log. */
let backup: string;
let log: string;
/** A file whose first set is a log of crm and whose second is the log of erp. */
let mixed: string;
/** A file with two logs of crm. */
let foreign: string;

beforeEach(async () => {
  fixture = await Fixture.open({ taskMs: 40 });
  const [erpFull, erpLog] = backupSeries({ ...DATA, databaseName: "erp" }, ["full", "log"]);
  const [, crmLog, crmLater] = backupSeries({ ...DATA, databaseName: "crm" }, ["full", "log", "log"]);
  if (!erpFull || !erpLog || !crmLog || !crmLater) throw new Error("the series is too short");
  const pathOf = (name: string): string => join(fixture.folder, name);
  [backup, log, mixed, foreign] = [pathOf("erp.bak"), pathOf("erp.trn"), pathOf("mixed.trn"), pathOf("foreign.trn")];
  await writeBackupFile(backup, erpFull);
  await writeBackupFile(log, erpLog);
  await writeBackupFile(mixed, [crmLog, erpLog]);
  await writeBackupFile(foreign, [crmLog, crmLater]);
});
afterEach(() => fixture.close());

const faultsOf = async (increments: string): Promise<string[]> =>
  (await fixture.preview({ backup, increments: [increments], phase: "restoring" })).failures;

describe("a file with several sets", () => {
  test("is this database's where any set is, and is refused because RDS restores files with one set only", async () => {
    expect(await faultsOf(mixed)).toEqual([expect.stringMatching(/^INCREMENT_UNFIT: .*mixed\.trn.* 2 /s)]);
  });

  test("is another database's where no set is this one's", async () => {
    expect(await faultsOf(foreign)).toEqual([expect.stringMatching(/^INCREMENT_OTHER_DATABASE: .*foreign\.trn.*crm/s)]);
  });
});

describe("in a folder and in a prefix", () => {
  /** The increments of erp beside files of both kinds, in a local folder or in the bucket. */
  async function place(where: "folder" | "prefix"): Promise<string> {
    const folder = join(fixture.folder, "logs");
    mkdirSync(folder);
    const names = { "erp.trn": log, "mixed.trn": mixed, "foreign.trn": foreign };
    for (const [name, path] of Object.entries(names)) copyFileSync(path, join(folder, name));
    if (where === "folder") return folder;
    const { bucket, oss } = fixture.emulator;
    for (const [name, path] of Object.entries(names)) await oss.putObject(bucket, `logs/${name}`, readFileSync(path));
    return `oss://${bucket}/logs/`;
  }
  const findingsIn = (rows: readonly LogRow[]): string[] =>
    rows.flatMap(({ kind, message }) => (kind === "warning" && message.startsWith("INCREMENT_") ? [message] : []));

  test.each(["folder", "prefix"] as const)(
    "%s: only a file with a set of this database is a warning",
    async (where) => {
      const args = { ...FAST, backup, increments: await place(where), phase: "restoring" };
      const { failures, log: rows } = await fixture.preview(args);
      expect(failures).toEqual([]);
      expect(findingsIn(rows)).toEqual([expect.stringMatching(/^INCREMENT_UNFIT: .*mixed\.trn/s)]);
    },
  );

  test.each(["folder", "prefix"] as const)("%s: a file that excludeFiles names is not listed", async (where) => {
    const increments = await place(where);
    const args = { ...FAST, backup, increments, phase: "restoring" };
    const { log: rows } = await fixture.preview({ ...args, excludeFiles: ["MIXED*"] });
    expect(findingsIn(rows)).toEqual([]);
    await fixture.up({ ...args, excludeFiles: ["MIXED*", "erp.trn"] });
    expect(await taken(fixture)).toEqual(["FULL Restored"]);
    const { outputs } = await fixture.up({ ...args, excludeFiles: ["MIXED*"] });
    expect(outputs.chain).toMatchObject({ files: [{ type: "FULL" }, { type: "LOG" }] });
  });
});
