/** A kind of file that is named .bak but is not a SQL Server backup, and the remedy. */
export interface ForeignKind {
  what: string;
  remedy: string;
}

interface Signature extends ForeignKind {
  /** Bytes at `at` (0 by default), as Latin-1 text. */
  magic: string;
  at?: number;
}

const UNPACK = "Unpack it and give the path of the .bak file inside.";
const NATIVE = "Back up with SQL Server's own BACKUP DATABASE, or convert it with the vendor's extraction tool.";

/** Signatures from the formats' own documents; Redgate's comes from file-identification lists. */
const SIGNATURES: readonly Signature[] = [
  { magic: "PK\x03\x04", what: "a zip archive", remedy: UNPACK },
  { magic: "PK\x05\x06", what: "an empty zip archive", remedy: UNPACK },
  { magic: "7z\xbc\xaf\x27\x1c", what: "a 7z archive", remedy: UNPACK },
  { magic: "Rar!\x1a\x07", what: "a RAR archive", remedy: UNPACK },
  { magic: "\x1f\x8b", what: "gzip-compressed data", remedy: UNPACK },
  { magic: "BZh", what: "bzip2-compressed data", remedy: UNPACK },
  { magic: "\xfd7zXZ\x00", what: "xz-compressed data", remedy: UNPACK },
  { magic: "\x28\xb5\x2f\xfd", what: "Zstandard-compressed data", remedy: UNPACK },
  {
    magic: "version https://git-lfs",
    what: "a Git LFS pointer, not the backup itself",
    remedy: "Run `git lfs pull` to get the file.",
  },
  {
    magic: "PGDMP",
    what: "a PostgreSQL dump",
    remedy: "Give a SQL Server backup; pg_restore restores this file.",
  },
  { magic: "SQLSQB", what: "a Redgate SQL Backup file", remedy: NATIVE },
  { magic: "\x01\x0f\x00\x00", what: "a SQL Server data file (.mdf)", remedy: "Attach it and take a backup." },
  { magic: "SQLite format 3\x00", what: "a SQLite database", remedy: "Give a SQL Server backup." },
  {
    magic: "<?xml",
    what: "an XML document",
    remedy: "Give the backup itself; a failed download may have saved an error page.",
  },
  { magic: "<!DOCTYPE", what: "an HTML page", remedy: "Download the backup again; the server returned a web page." },
];

/** Enough to distinguish text from binary data. */
const FOREIGN_SAMPLE_BYTES = 512;

/** Identifies a file that is not a SQL Server backup by its first bytes. */
export function identifyForeignFile(firstBytes: Uint8Array): ForeignKind {
  const head = firstBytes.subarray(0, FOREIGN_SAMPLE_BYTES);
  const latin1 = String.fromCharCode(...head);
  const known = SIGNATURES.find(({ magic, at = 0 }) => latin1.startsWith(magic, at));
  if (known) return { what: known.what, remedy: known.remedy };
  if (head.every((byte) => byte === 0)) {
    return {
      what: "a file of zeros",
      remedy:
        "The copy or the backup stopped after it had allocated the space: copy the file or take the backup again.",
    };
  }
  if (isText(head)) return { what: "a text file", remedy: "Name the backup itself." };
  return { what: "of an unknown format (neither TAPE nor MSSQLBAK at its start)", remedy: NATIVE };
}

/** UTF-16 with a byte order mark, or only printable bytes, tabs and line ends. */
function isText(head: Uint8Array): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) && !head.includes(0x7f);
}
