/** A kind of file that gets named .bak without being a SQL Server backup, and what helps. */
export interface ForeignKind {
  what: string;
  remedy: string;
}

interface Signature extends ForeignKind {
  /** Bytes at `at` (0 by default), as Latin-1 text. */
  magic: string;
  at?: number;
}

const UNPACK = "Unpack it and name the .bak file inside.";
const NATIVE = "Back up with SQL Server's own BACKUP DATABASE, or convert it with the vendor's extraction tool.";

/** Signatures of the formats' own documents; those of LiteSpeed and Redgate are as file-identification lists give them. */
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
    remedy: "Name a backup of SQL Server; this one is restored with pg_restore.",
  },
  { magic: "SQLSQB", what: "a Redgate SQL Backup file", remedy: NATIVE },
  { magic: "\x01\x0f\x00\x00", what: "a SQL Server data file (.mdf)", remedy: "Attach it and take a backup." },
  { magic: "SQLite format 3\x00", what: "a SQLite database", remedy: "Name a backup of SQL Server." },
  {
    magic: "<?xml",
    what: "an XML document",
    remedy: "Name the backup itself; a download may have answered with an error page.",
  },
  { magic: "<!DOCTYPE", what: "an HTML page", remedy: "Download the backup again; the server answered with a page." },
];

/** Enough to tell text from bytes. */
const FOREIGN_SAMPLE_BYTES = 512;

/** Names what a file that is no SQL Server backup is instead. `head` are its first bytes. */
export function recogniseForeign(firstBytes: Uint8Array): ForeignKind {
  const head = firstBytes.subarray(0, FOREIGN_SAMPLE_BYTES);
  const latin1 = String.fromCharCode(...head);
  const known = SIGNATURES.find(({ magic, at = 0 }) => latin1.startsWith(magic, at));
  if (known) return { what: known.what, remedy: known.remedy };
  if (head.every((byte) => byte === 0)) {
    return {
      what: "a file of zeros",
      remedy: "The copy or the backup did not finish after its space was set aside: copy or take it again.",
    };
  }
  if (isText(head)) return { what: "a text file", remedy: "Name the backup itself." };
  return { what: "of an unknown format (neither TAPE nor MSSQLBAK at its start)", remedy: NATIVE };
}

/** UTF-16 with a byte order mark, or nothing but printable bytes, tabs and line ends. */
function isText(head: Uint8Array): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) && !head.includes(0x7f);
}
