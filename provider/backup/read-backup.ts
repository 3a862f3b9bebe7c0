import type { BackupFault } from "./backup-fault";
import type { BackupFile, BackupProblem } from "./backup-file";
import { problem } from "./backup-problem";
import { ByteWindow } from "./byte-window";
import { CONTAINER_HEADER_BYTES, readContainerHeader } from "./compressed-container";
import { dataChecker, type PageFindings } from "./data-check";
import { identifyForeignFile } from "./foreign-file";
import { otherTapeProgram } from "./other-tape";
import { READ_AHEAD_BYTES } from "./plain-view";
import type { RangeSource } from "./range-source";
import { readCompressed } from "./read-compressed";
import type { MtfReading } from "./read-mtf";
import { readPlain } from "./read-plain";
import { endBeforeTrailingBytes } from "./trailing-bytes";

export interface ReadBackupOptions {
  /**
   * Checks the whole file instead of its two ends: every block and stream header, every compressed chunk, every page
   * with a checksum and every stream written WITH CHECKSUM. Reads all bytes in constant memory.
   * @default false
   */
  deep?: boolean;
}

const PLAIN_MAGIC = "TAPE";
const COMPRESSED_MAGIC = "MSSQLBAK";

/**
 * Reads the output of RESTORE LABELONLY, HEADERONLY and FILELISTONLY from the file itself. A bad file is not an
 * exception: `problems` lists what is wrong with it. A sound backup costs a few range reads, whatever its size.
 * @throws only what `source.read` throws
 */
export async function readBackup(source: RangeSource, { deep = false }: ReadBackupOptions = {}): Promise<BackupFile> {
  const unread: BackupFile = {
    container: null,
    sizeBytes: source.sizeBytes,
    encrypted: null,
    media: null,
    sets: [],
    problems: [],
  };
  if (source.sizeBytes === 0) return { ...unread, problems: [problem("BACKUP_EMPTY", { file: source.name })] };
  const head = await source.read(0, Math.min(source.sizeBytes, READ_AHEAD_BYTES));
  const magic = String.fromCharCode(...head.subarray(0, COMPRESSED_MAGIC.length));
  if (magic === COMPRESSED_MAGIC) return readContainer(source, { unread, head, deep });
  if (magic.startsWith(PLAIN_MAGIC)) {
    const program = otherTapeProgram(head);
    if (program !== undefined) return { ...unread, problems: [otherTapeProblem(source.name, program)] };
    const contents = await contentsOf(source, (bounded) => {
      const { visit, findings } = dataChecker();
      return { findings, reading: readPlain(bounded, { head: headOf(bounded, head), deep, visitStream: visit }) };
    });
    return { ...unread, container: "MTF", encrypted: false, ...contents };
  }
  const tail =
    source.sizeBytes <= head.length
      ? head
      : await source.read(Math.max(0, source.sizeBytes - READ_AHEAD_BYTES), source.sizeBytes);
  return {
    ...unread,
    problems: [problem("BACKUP_FOREIGN", { file: source.name, ...identifyForeignFile({ head, tail }) })],
  };
}

function otherTapeProblem(file: string, program: string): BackupProblem {
  const what = `a tape file (Microsoft Tape Format) of ${program}`;
  const remedy = "Restore it with that program, and give the SQL Server backup that it may contain.";
  return problem("BACKUP_FOREIGN", { file, what, remedy });
}

/** The first bytes of a source that ends earlier. */
const headOf = ({ sizeBytes }: RangeSource, head: Uint8Array): Uint8Array => head.subarray(0, sizeBytes);

async function readContainer(
  source: RangeSource,
  { unread, head, deep }: { unread: BackupFile; head: Uint8Array; deep: boolean },
): Promise<BackupFile> {
  const file = source.name;
  const container = { ...unread, container: COMPRESSED_MAGIC } satisfies BackupFile;
  if (head.length < CONTAINER_HEADER_BYTES) {
    const what = "the header of the compressed container is incomplete";
    return { ...container, problems: [problem("BACKUP_TRUNCATED", { file, sizeBytes: source.sizeBytes, what })] };
  }
  const header = readContainerHeader(new ByteWindow(head, 0));
  if (header.isEncrypted) return { ...container, encrypted: true, problems: [problem("BACKUP_ENCRYPTED", { file })] };
  if (header.isZstandard) {
    return { ...container, encrypted: false, problems: [problem("BACKUP_COMPRESSION", { file, how: "Zstandard" })] };
  }
  if (!header.isKnownLayout) {
    const how = `an unknown layout (${header.layout})`;
    return { ...container, problems: [problem("BACKUP_COMPRESSION", { file, how })] };
  }
  const contents = await contentsOf(source, (bounded) => {
    const { visit, findings } = dataChecker();
    return { findings, reading: readCompressed(bounded, { head: headOf(bounded, head), deep, visitStream: visit }) };
  });
  return { ...container, encrypted: false, ...contents };
}

type Read = (source: RangeSource) => { reading: Promise<MtfReading>; findings: PageFindings };

/** Reads a backup. One that is sound up to its last filemark, and has other bytes behind it, is read up to there. */
async function contentsOf(source: RangeSource, read: Read) {
  const whole = read(source);
  const reading = await whole.reading;
  if (reading.fault === undefined) return withProblems(source, reading, whole.findings, []);
  const end = await endBeforeTrailingBytes(source);
  if (end !== undefined) {
    const bounded = { name: source.name, sizeBytes: end, read: source.read.bind(source) };
    const shorter = read(bounded);
    const sound = await shorter.reading;
    if (sound.fault === undefined) {
      const values = { file: source.name, at: end, extraBytes: source.sizeBytes - end };
      return withProblems(source, sound, shorter.findings, [problem("BACKUP_TRAILING_BYTES", values)]);
    }
  }
  return withProblems(source, reading, whole.findings, [faultProblem(reading.fault, source)]);
}

function withProblems(
  source: RangeSource,
  { media, sets }: MtfReading,
  { damagedPages, firstDamagedAt }: PageFindings,
  problems: BackupProblem[],
) {
  if (firstDamagedAt !== undefined) {
    problems.push(problem("BACKUP_PAGES_DAMAGED", { file: source.name, pages: damagedPages, at: firstDamagedAt }));
  }
  return { media, sets, problems };
}

function faultProblem({ kind, at, what }: BackupFault, { name: file, sizeBytes }: RangeSource): BackupProblem {
  return kind === "truncated"
    ? problem("BACKUP_TRUNCATED", { file, sizeBytes, what })
    : problem("BACKUP_DAMAGED", { file, at, what });
}
