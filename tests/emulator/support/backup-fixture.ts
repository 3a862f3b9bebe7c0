import type { BackupFile, BackupSet } from "../../../provider/backup/backup-file";
import type { RangeSource } from "../../../provider/backup/range-source";
import { UNKNOWN_MEDIA, UNKNOWN_SET } from "../../../provider/backup/unknown-header";

const MIB = 1024 ** 2;

/** The header members of a backup that a test sets; all others are unknown. */
export interface BackupFixture {
  type?: "full" | "differential" | "log" | "partial";
  container?: BackupFile["container"];
  databaseVersion?: number | null;
  /** Size on the restoring server's disk, bytes. */
  restoredBytes?: number;
  first?: bigint;
  last?: bigint;
  setGuid?: string;
  baseGuid?: string;
  forks?: { id: string; end: bigint }[];
  stripes?: number;
  encrypted?: boolean;
  problem?: string;
}

const TYPE_NUMBER = { full: 1, log: 2, differential: 5, partial: 7 } as const;

/** Returns object content that `readFixture` reads in place of a real backup. */
export const fixtureBytes = (fixture: BackupFixture): Uint8Array =>
  Buffer.from(JSON.stringify(fixture, (_, value) => (typeof value === "bigint" ? `${value}` : value)));

/** Reads the content of `fixtureBytes`, in place of the provider's backup reader. */
export async function readFixture(source: RangeSource): Promise<BackupFile> {
  const bytes = await source.read(0, source.sizeBytes);
  const fixture: BackupFixture = JSON.parse(Buffer.from(bytes).toString());
  return {
    container: fixture.container === undefined ? "MTF" : fixture.container,
    sizeBytes: source.sizeBytes,
    encrypted: fixture.encrypted ?? false,
    media: { ...UNKNOWN_MEDIA, FamilyCount: fixture.stripes ?? 1 },
    sets: [setOf(fixture)],
    problems: fixture.problem === undefined ? [] : [{ code: "BACKUP_DAMAGED", message: fixture.problem }],
  };
}

function setOf(fixture: BackupFixture): BackupSet {
  return {
    ...UNKNOWN_SET,
    BackupType: TYPE_NUMBER[fixture.type ?? "full"],
    DatabaseVersion: fixture.databaseVersion === undefined ? 869 : fixture.databaseVersion,
    FirstLSN: BigInt(fixture.first ?? 100n),
    LastLSN: BigInt(fixture.last ?? 200n),
    BackupSetGUID: fixture.setGuid ?? null,
    DifferentialBaseGUID: fixture.baseGuid ?? null,
    forks: (fixture.forks ?? []).map(({ id, end }) => ({ RecoveryForkID: id, EndLSN: BigInt(end) })),
    files: [{ LogicalName: "data", PhysicalName: "D:\\data.mdf", Type: "D", Size: fixture.restoredBytes ?? 8 * MIB }],
  };
}
