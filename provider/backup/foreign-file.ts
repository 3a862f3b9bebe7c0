import type { ForeignKind } from "./foreign-kind";
import { identifyText } from "./foreign-text";
import { identifyZip } from "./foreign-zip";

interface Signature extends ForeignKind {
  /** The first bytes, as Latin-1 text. */
  magic: string | RegExp;
}

const UNPACK = "Unpack it and give the path of the .bak file inside.";
const NATIVE = "Back up with SQL Server's own BACKUP DATABASE, or convert it with the vendor's extraction tool.";
const SQL_SERVER_ONLY = "Give a SQL Server backup.";

/**
 * Signatures of binary files from the formats' own documents; Redgate's, Access' and AutoCAD's come from file-identification lists. A
 * DWG file names its release, AC1015 for example.
 */
const SIGNATURES: readonly Signature[] = [
  { magic: "7z\xbc\xaf\x27\x1c", what: "a 7z archive", remedy: UNPACK },
  { magic: "Rar!\x1a\x07", what: "a RAR archive", remedy: UNPACK },
  { magic: "\x1f\x8b", what: "gzip-compressed data", remedy: UNPACK },
  { magic: "BZh", what: "bzip2-compressed data", remedy: UNPACK },
  { magic: "\xfd7zXZ\x00", what: "xz-compressed data", remedy: UNPACK },
  { magic: "\x28\xb5\x2f\xfd", what: "Zstandard-compressed data", remedy: UNPACK },
  { magic: "PGDMP", what: "a PostgreSQL dump", remedy: "Give a SQL Server backup; pg_restore restores this file." },
  { magic: "SQLSQB", what: "a Redgate SQL Backup file", remedy: NATIVE },
  { magic: "\x01\x0f\x00\x00", what: "a SQL Server data file (.mdf)", remedy: "Attach it and take a backup." },
  { magic: "SQLite format 3\x00", what: "a SQLite database", remedy: SQL_SERVER_ONLY },
  {
    magic: /^[\s\S]{4}Standard (Jet|ACE) DB/,
    what: "a Microsoft Access database",
    remedy: `${SQL_SERVER_ONLY} An Access database is first imported into SQL Server (SQL Server Migration Assistant).`,
  },
  {
    magic: /^AC10\d\d/,
    what: "an AutoCAD drawing (DWG)",
    remedy: `${SQL_SERVER_ONLY} AutoCAD names the backups of its drawings .bak too.`,
  },
];

/** Enough to distinguish text from binary data. */
const FOREIGN_SAMPLE_BYTES = 512;

/** The ends of a file: for a small file both are the whole file. */
export interface FileEnds {
  head: Uint8Array;
  tail: Uint8Array;
}

/** Identifies a file that is not a SQL Server backup by its first and last bytes. */
export function identifyForeignFile({ head, tail }: FileEnds): ForeignKind {
  const sample = head.subarray(0, FOREIGN_SAMPLE_BYTES);
  const latin1 = String.fromCharCode(...sample);
  const known = SIGNATURES.find(({ magic }) =>
    typeof magic === "string" ? latin1.startsWith(magic) : magic.test(latin1),
  );
  if (known !== undefined) return { what: known.what, remedy: known.remedy };
  return (
    identifyZip({ head, tail }) ??
    identifyFilling({ head, tail }) ??
    identifyText(sample) ?? { what: "of an unknown format (neither TAPE nor MSSQLBAK at its start)", remedy: NATIVE }
  );
}

/** Fewer equal bytes say nothing: a short text may be one letter. */
const FILLED_BYTES = 256;

/** A file that consists of, or begins with, one repeated byte, as an interrupted copy or a failing disk leaves it. */
function identifyFilling({ head, tail }: FileEnds): ForeignKind | undefined {
  const [byte] = head;
  if (byte !== 0 && byte !== 0xff) return undefined;
  const end = head.findIndex((each) => each !== byte);
  const name = byte === 0 ? "zeros" : "bytes 0xFF";
  if (end === -1 && tail.every((each) => each === byte)) {
    const remedy =
      "The copy or the backup stopped after it had allocated the space: copy the file or take the backup again.";
    return { what: `a file of ${name}`, remedy };
  }
  if (end !== -1 && end < FILLED_BYTES) return undefined;
  const count = end === -1 ? `at least ${head.length}` : String(end);
  const remedy = "Its beginning was lost: copy the file again from the source server, or take the backup again.";
  return { what: `a file that begins with ${count} ${name}`, remedy };
}
