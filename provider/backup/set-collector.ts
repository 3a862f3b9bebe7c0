import { counted } from "../errors/message-text";
import { type BackupConfig, readBackupConfig } from "./backup-config";
import { BackupFault } from "./backup-fault";
import type { BackupSet } from "./backup-file";
import { assembleBackupSet, type SetParts } from "./backup-set";
import { parseFilemark } from "./filemark";
import { alignStream, type Block, readBlock, readStream, type Stream } from "./mtf-block";
import type { MtfView } from "./mtf-view";

/** Limit for a description. A database of 1,000 files needs 1.2 MB. */
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
/** Far more backups than anybody appends to one file. Bounds memory for a crafted file. */
export const MAX_SETS = 10_000;
/** As many filemarks as the largest block lists. */
const MAX_LISTED_FILEMARKS = 8192;
const LOGICAL_BLOCK_BYTES = 1024;
const CLOSING_BLOCKS = 2;
const POSITION_CHECKED = new Set(["VOLB", "MSCI", "MSDA", "MSTL", "MSLS"]);

interface OpenSet extends SetParts {
  /** Length of MSCI with its streams; MSLS is about as long. */
  msciBytes: number;
  closingBlocks: number;
}

/** Called for each stream, in addition to what the collector reads. */
export type StreamVisitor = (view: MtfView, stream: Stream) => Promise<void>;

/** The limit of blocks and streams is reached before the end of the set. */
export class StepLimitExceeded extends BackupFault {}

/**
 * Reads the blocks of a file in order and collects the backup sets. SQL Server writes them in this order (observed on
 * 165 files): filemark | SSET VOLB MSCI [MSDA…] MSTL… MSLS filemark ESET ESET filemark | next set.
 */
export class SetCollector {
  private readonly closed: BackupSet[] = [];
  private open: OpenSet | undefined;
  private readonly filemarks: number[] = [];
  private stepsLeft: number;
  private readonly stepsPerSet: number;
  private readonly visitStream: StreamVisitor | undefined;

  constructor(
    private readonly view: MtfView,
    {
      maxSteps = Number.POSITIVE_INFINITY,
      visitStream,
    }: {
      /** Limit of blocks and streams before the first set, and in each set. */
      maxSteps?: number;
      visitStream?: StreamVisitor;
    } = {},
  ) {
    this.stepsPerSet = maxSteps;
    this.stepsLeft = maxSteps;
    this.visitStream = visitStream;
  }

  /** All sets found, including one whose end was not reached. */
  get sets(): BackupSet[] {
    return this.open ? [...this.closed, assembleBackupSet(this.open)] : [...this.closed];
  }

  /** The set whose closing blocks were not read yet; undefined between sets. */
  get openSet(): { ssetAt: number; msciBytes: number } | undefined {
    return this.open && { ssetAt: this.open.sset.at, msciBytes: this.open.msciBytes };
  }

  get lastFilemarkAt(): number | undefined {
    return this.filemarks.at(-1);
  }

  /** Reads the block at `at`. @returns its type and the offset of the next block */
  async readBlock(at: number): Promise<{ type: string; end: number }> {
    this.countStep(at);
    const block = await readBlock(this.view, at);
    const { type } = block;
    if (this.open && POSITION_CHECKED.has(type)) checkPosition(block, this.open.sset.at);
    if (type === "SFMB") return { type, end: this.readFilemark(block) };
    if (type === "SSET") this.startSet(block);
    if (type === "VOLB" && this.open) this.open.volb = block;
    const end = await this.readStreams(block);
    if (type === "ESET" && this.open) this.open.closingBlocks += 1;
    if (type === "MSCI" && this.open) this.open.msciBytes = end - at;
    return { type, end };
  }

  private countStep(at: number): void {
    this.stepsLeft -= 1;
    if (this.stepsLeft < 0) throw new StepLimitExceeded("damaged", at, "there are more blocks than a backup has");
  }

  private startSet(sset: Block): void {
    if (this.open) throw new BackupFault("damaged", sset.at, "a backup set starts before the previous one ends");
    if (this.closed.length >= MAX_SETS) throw new BackupFault("damaged", sset.at, `more than ${MAX_SETS} backup sets`);
    this.stepsLeft = this.stepsPerSet;
    this.open = { sset, closingBlocks: 0, msciBytes: 0 };
  }

  private readFilemark(block: Block): number {
    const { earlier } = parseFilemark(block);
    if (earlier) this.checkFilemarkList(block.at, earlier);
    this.filemarks.push(this.view.fileOffset(block.at));
    if (this.filemarks.length > MAX_LISTED_FILEMARKS) this.filemarks.shift();
    if (this.open?.atEnd && this.open.closingBlocks >= CLOSING_BLOCKS) {
      this.closed.push(assembleBackupSet(this.open));
      this.open = undefined;
    }
    return block.at + block.fixed.length;
  }

  /** A filemark lists all earlier filemarks, or the newest that fit. */
  private checkFilemarkList(at: number, earlier: readonly number[]): void {
    const known = this.filemarks;
    const isShort = known.length > 0 && earlier.length === 0;
    const wrong = earlier.find((offset, index) => offset !== known[known.length - 1 - index]);
    if (isShort || wrong !== undefined) {
      const expected = known.length > 0 ? `the last one is at ${known.at(-1)}` : "none precedes it";
      throw new BackupFault(
        "damaged",
        at,
        `a filemark lists an earlier one at ${wrong ?? "no offset"}, but ${expected}`,
      );
    }
  }

  private async readStreams(block: Block): Promise<number> {
    let at = block.at + block.fixed.length;
    for (;;) {
      this.countStep(at);
      const stream = await readStream(this.view, at);
      const end = stream.dataAt + stream.length;
      if (stream.id === "MQCI") await this.readConfig(block, stream);
      await this.visitStream?.(this.view, stream);
      if (stream.id === "SPAD") return end;
      at = alignStream(end);
    }
  }

  private async readConfig(block: Block, stream: Stream): Promise<void> {
    const set = this.open;
    if (!set || (block.type !== "MSCI" && block.type !== "MSLS")) return;
    if (stream.length > MAX_CONFIG_BYTES) {
      throw new BackupFault("damaged", stream.at, "the backup's description is too long");
    }
    const config = readBackupConfig(await this.view.window(stream.dataAt, stream.length));
    if (block.type === "MSCI") set.atStart = config;
    else {
      checkSameBackup(set.atStart, config, block.at);
      set.atEnd = config;
    }
  }
}

/** Each block contains its distance from its set's start, which reveals missing or extra bytes before it. */
function checkPosition(block: Block, ssetAt: number): void {
  const surplus = block.at - ssetAt - block.formatLogicalAddress * LOGICAL_BLOCK_BYTES;
  if (surplus === 0) return;
  const fault =
    surplus < 0
      ? `${counted(-surplus, "byte is", "bytes are")} missing before it`
      : `${counted(surplus, "extra byte precedes", "extra bytes precede")} it`;
  throw new BackupFault("damaged", block.at, `the ${block.type} block is not at its recorded position: ${fault}`);
}

function checkSameBackup(start: BackupConfig | undefined, end: BackupConfig, at: number): void {
  if (!start) return;
  const same = start.databaseName === end.databaseName && start.startDate === end.startDate && start.kind === end.kind;
  if (!same) {
    throw new BackupFault("damaged", at, "the closing description belongs to another backup than the opening one");
  }
}
