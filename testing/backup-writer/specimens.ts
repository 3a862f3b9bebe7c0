import { gzipSync } from "node:zlib";
import type { ErrorCode } from "../../provider/errors/catalogue";
import { backupSeries } from "./backup-series";
import { DAMAGES, type Damage } from "./damage-backup";
import { type BackupSpec, backupBytes } from "./write-backup";

/** A sample file of one kind that users pass as a backup. */
export interface Specimen {
  /** A file name that describes the content. */
  file: string;
  bytes: () => Uint8Array;
  /** The error code of the problem; undefined for a valid backup. */
  problem?: ErrorCode;
  /** Whether only a scan of the whole file detects the problem. */
  foundOnlyDeep?: boolean;
}

const START = "2024-05-01T02:00:00";
const SERVER = "SOURCE01";
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** One specimen of each kind, from a valid chain to a renamed ZIP archive. Every call returns the same bytes. */
export function specimens(): Specimen[] {
  return [...validSpecimens(), ...damagedSpecimens(), ...FOREIGN_SPECIMENS];
}

function validSpecimens(): Specimen[] {
  const history = backupSeries({ databaseName: "ERP", serverName: SERVER, startDate: START }, [
    "full",
    "log",
    "log",
    "differential",
    "log",
  ]);
  const names = ["full.bak", "log-1.trn", "log-2.trn", "differential.bak", "log-3.trn"];
  const full = (databaseName: string, more: Partial<BackupSpec>): BackupSpec => ({
    databaseName,
    type: "full",
    serverName: SERVER,
    startDate: START,
    ...more,
  });
  const mediaSetGuid = "0A1B2C3D-4E5F-4061-8273-8495A6B7C8D9";
  const stripe = (sequence: number) =>
    full("Striped", { family: { count: 2, sequence }, mediaSetGuid, backupSetGuid: mediaSetGuid, seed: "stripe" });
  const specs: [string, BackupSpec | BackupSpec[]][] = [
    ...history.map((spec, index): [string, BackupSpec] => [names[index] ?? spec.type, spec]),
    ["full-compressed.bak", full("Compressed", { compressed: true })],
    ["full-copy-only.bak", full("CopyOnly", { isCopyOnly: true })],
    ["full-sql-2008r2.bak", full("From2008R2", { softwareVersion: { major: 10, minor: 50, build: 4042 } })],
    ["full-sql-2022.bak", full("From2022", { softwareVersion: { major: 16, minor: 0, build: 1000 } })],
    ["full-simple-recovery.bak", full("Simple", { recoveryModel: "SIMPLE" })],
    ["full-read-only.bak", full("ReadOnly", { isReadOnly: true })],
    ["full-single-user.bak", full("SingleUser", { isSingleUser: true })],
    ["full-of-damaged.bak", full("OfDamaged", { isDamaged: true })],
    ["full-password.bak", full("Password", { isPasswordProtected: true })],
    ["full-media-password.bak", full("MediaPassword", { isMediaPasswordProtected: true })],
    ["full-chinese-name.bak", full("销售", {})],
    ["stripe-1-of-2.bak", stripe(1)],
    ["stripe-2-of-2.bak", stripe(2)],
    ["two-sets.bak", [full("Two", {}), full("Two", { startDate: "2024-05-02T02:00:00" })]],
    ["tail-log.trn", { ...full("Tail", { isTail: true }), type: "log" }],
  ];
  return specs.map(([file, spec]) => ({ file, bytes: () => backupBytes(spec) }));
}

const PROBLEM_OF: Record<Damage, ErrorCode> = {
  "cut-in-the-middle": "BACKUP_TRUNCATED",
  "cut-before-the-end": "BACKUP_TRUNCATED",
  "header-only": "BACKUP_TRUNCATED",
  "middle-missing": "BACKUP_DAMAGED",
  "header-bit": "BACKUP_DAMAGED",
  "page-bit": "BACKUP_PAGES_DAMAGED",
  "zeros-at-the-end": "BACKUP_DAMAGED",
  "bytes-appended": "BACKUP_TRAILING_BYTES",
};

function damagedSpecimens(): Specimen[] {
  const sound = () => backupBytes({ databaseName: "Damaged", type: "full", serverName: SERVER, startDate: START });
  return (Object.keys(DAMAGES) as Damage[]).map((damage) => ({
    file: `damaged-${damage}.bak`,
    bytes: () => DAMAGES[damage](sound()),
    problem: PROBLEM_OF[damage],
    foundOnlyDeep: damage === "page-bit",
  }));
}

function container(flags: number): Uint8Array {
  const bytes = new Uint8Array(64 * 1024);
  bytes.set(text("MSSQLBAK"));
  bytes.set([2, 0, 0, 0, flags], 8);
  return bytes;
}

const FOREIGN_SPECIMENS: readonly Specimen[] = [
  { file: "empty.bak", bytes: () => new Uint8Array(0), problem: "BACKUP_EMPTY" },
  { file: "encrypted.bak", bytes: () => container(0x07), problem: "BACKUP_ENCRYPTED" },
  { file: "zstandard.bak", bytes: () => container(0x83), problem: "BACKUP_COMPRESSION" },
  { file: "foreign-zip.bak", bytes: () => text("PK\u0003\u0004 a zip archive"), problem: "BACKUP_FOREIGN" },
  {
    file: "foreign-7z.bak",
    bytes: () => Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4),
    problem: "BACKUP_FOREIGN",
  },
  { file: "foreign-gzip.bak", bytes: () => gzipSync("a backup, compressed by hand"), problem: "BACKUP_FOREIGN" },
  {
    file: "foreign-git-lfs-pointer.bak",
    bytes: () => text(`version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1595904\n`),
    problem: "BACKUP_FOREIGN",
  },
  { file: "foreign-postgresql.bak", bytes: () => text("PGDMP\u0001\u000e\u0000"), problem: "BACKUP_FOREIGN" },
  { file: "foreign-text.bak", bytes: () => text("id,name\r\n1,Contoso\r\n"), problem: "BACKUP_FOREIGN" },
  { file: "foreign-zeros.bak", bytes: () => new Uint8Array(8192), problem: "BACKUP_FOREIGN" },
];
