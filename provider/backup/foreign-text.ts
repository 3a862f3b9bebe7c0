import type { ForeignKind } from "./foreign-kind";

/** Text that begins a file, without a byte order mark and leading blank lines; undefined for binary data. */
function textOf(head: Uint8Array): string | undefined {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) return decoded(head, "utf-16le");
  if (first === 0xfe && second === 0xff) return decoded(head, "utf-16be");
  const hasMark = first === 0xef && second === 0xbb && third === 0xbf;
  return hasMark || isPlainText(head) ? decoded(head, "utf-8") : undefined;
}

const decoded = (head: Uint8Array, encoding: string): string => new TextDecoder(encoding).decode(head).trimStart();

/**
 * UTF-8 or an older code page without control characters. Texts in a code page have mostly ASCII letters, which binary data have not:
 * a megabyte of 0xFF is no text.
 */
function isPlainText(head: Uint8Array): boolean {
  const isPrintable = (byte: number): boolean => byte >= 0x20 && byte !== 0x7f;
  const isBlank = (byte: number): boolean => byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d;
  if (!head.every((byte) => isPrintable(byte) || isBlank(byte))) return false;
  if (head.filter((byte) => byte < 0x80).length * 2 >= head.length) return true;
  try {
    // The sample may end within a character.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

interface TextKind extends ForeignKind {
  begins: RegExp;
}

const NOT_SQL_SERVER = "Give a SQL Server backup; this file is restored by its own program.";

/** Formats of text by their first words. */
const TEXT_KINDS: readonly TextKind[] = [
  {
    begins: /^version https:\/\/git-lfs/,
    what: "a Git LFS pointer, not the backup itself",
    remedy: "Run `git lfs pull` to get the file.",
  },
  {
    begins: /^(<!doctype html|<html|<head|<body)/i,
    what: "an HTML page",
    remedy: "Download the backup again; the server returned a web page.",
  },
  {
    begins: /^(<\?xml|<error>)/i,
    what: "an XML document",
    remedy: "Give the backup itself; a failed download may have saved an error page.",
  },
  { begins: /^(\/\*M?!\d+.*\n)?-- (MySQL|MariaDB) dump/, what: "a MySQL dump", remedy: NOT_SQL_SERVER },
  { begins: /^(--\s*\n)*-- PostgreSQL database( cluster)? dump/, what: "a PostgreSQL dump", remedy: NOT_SQL_SERVER },
  {
    begins: /^(USE \[|\/\*{6} Object:|CREATE DATABASE )/i,
    what: "a Transact-SQL script",
    remedy: "Run it on a SQL Server and take a backup of that database, or back up the source with BACKUP DATABASE.",
  },
];

/** The kind of a text file; undefined for binary data. */
export function identifyText(head: Uint8Array): ForeignKind | undefined {
  const text = textOf(head);
  if (text === undefined) return undefined;
  const known = TEXT_KINDS.find(({ begins }) => begins.test(text));
  return known === undefined
    ? { what: "a text file", remedy: "Name the backup itself." }
    : { what: known.what, remedy: known.remedy };
}
