import type { ForeignKind } from "./foreign-kind";

const UNPACK = "Unpack it and give the path of the .bak file inside.";
/** Names of the parts of an exported SQL Server database; the archive's index repeats them near its end. [MS-DACPAC] */
const PACKAGE_PART = /(DacMetadata|Origin)\.xml/;
const TABLE_DATA = /TableData-\d+-\d+\.BCP/i;

/** Identifies zip archives, and SQL Server's own packages among them; undefined for any other file. */
export function identifyZip({ head, tail }: { head: Uint8Array; tail: Uint8Array }): ForeignKind | undefined {
  const start = latin1Of(head.subarray(0, 4));
  if (start === "PK\x05\x06") return { what: "an empty zip archive", remedy: UNPACK };
  if (start !== "PK\x03\x04") return undefined;
  const names = `${latin1Of(head)}\n${latin1Of(tail)}`;
  if (!PACKAGE_PART.test(names) && !TABLE_DATA.test(names)) return { what: "a zip archive", remedy: UNPACK };
  return {
    what: TABLE_DATA.test(names)
      ? "a .bacpac (exported schema and data)"
      : "a .bacpac or .dacpac (an exported database or its schema)",
    remedy:
      "Back up the source with BACKUP DATABASE. Without the source, import the file into a SQL Server with SqlPackage and back up that database.",
  };
}

const latin1Of = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
