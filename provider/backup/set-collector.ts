import { type BackupConfig, readBackupConfig } from "./backup-config";
import { BackupFault } from "./backup-fault";
import type { BackupSet } from "./backup-file";
import { assembleBackupSet, type SetParts } from "./backup-set";
import { parseFilemark } from "./filemark";
import { alignStream, type Block, readBlock, readStream, type Stream } from "./mtf-block";
import type { MtfView } from "./mtf-view";

/** No real description comes near this; a database of 1,000 files needs 1.2 MB. */
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
/** More backups than anybody appends to one file; keeps memory bounded where a file is made to look endless. */
export const MAX_SETS = 10_000;
/** As many as fit into the largest block; older ones are listed nowhere. */
const MAX_LISTED_FILEMARKS = 8192;
const LOGICAL_BLOCK_BYTES = 1024;
const CLOSING_BLOCKS = 2;
const IN_LOGICAL_ORDER = new Set(["VOLB", "MSCI", "MSDA", "MSTL", "MSLS"]);

interface OpenSet extends SetParts {
  /** Length of MSCI with its streams; MSLS is about as long. */
  msciBytes: number;
  closingBlocks: number;
}

/** What happens to a stream on the way, beyond what the collector itself reads. */
export type StreamVisitor = (view: MtfView, stream: Stream) => Promise<void>;

/** The allowance for blocks and streams is used up before an answer was reached. */
export class OutOfSteps extends BackupFault {}

/**
 * Follows the blocks of a file in their order and gathers the backup sets. The order that SQL Server writes, observed on
 * 165 files: filemark | SSET VOLB MSCI [MSDA…] MSTL… MSLS filemark ESET ESET filemark | next set.
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
      /** How many blocks and streams may be taken before a set starts, and in each set. */
      maxSteps?: number;
      visitStream?: StreamVisitor;
    } = {},
  ) {
    this.stepsPerSet = maxSteps;
    this.stepsLeft = maxSteps;
    this.visitStream = visitStream;
  }

  /** Every set found, also one whose end was not reached. */
  get sets(): BackupSet[] {
    return this.open ? [...this.closed, assembleBackupSet(this.open)] : [...this.closed];
  }

  /** The set whose closing blocks are still to come; undefined between sets. */
  get openSet(): { ssetAt: number; msciBytes: number } | undefined {
    return this.open && { ssetAt: this.open.sset.at, msciBytes: this.open.msciBytes };
  }

  get lastFilemarkAt(): number | undefined {
    return this.filemarks.at(-1);
  }

  /** Reads the block at `at` and gives back its type and where the next one starts. */
  async take(at: number): Promise<{ type: string; end: number }> {
    this.spendStep(at);
    const block = await readBlock(this.view, at);
    const { type } = block;
    if (this.open && IN_LOGICAL_ORDER.has(type)) expectPlace(block, this.open.sset.at);
    if (type === "SFMB") return { type, end: this.passFilemark(block) };
    if (type === "SSET") this.openNext(block);
    if (type === "VOLB" && this.open) this.open.volb = block;
    const end = await this.passStreams(block);
    if (type === "ESET" && this.open) this.open.closingBlocks += 1;
    if (type === "MSCI" && this.open) this.open.msciBytes = end - at;
    return { type, end };
  }

  private spendStep(at: number): void {
    this.stepsLeft -= 1;
    if (this.stepsLeft < 0) throw new OutOfSteps("damaged", at, "there are more blocks than a backup has");
  }

  private openNext(sset: Block): void {
    if (this.open) throw new BackupFault("damaged", sset.at, "a backup set starts before the one ahead of it ends");
    if (this.closed.length >= MAX_SETS) throw new BackupFault("damaged", sset.at, `more than ${MAX_SETS} backup sets`);
    this.stepsLeft = this.stepsPerSet;
    this.open = { sset, closingBlocks: 0, msciBytes: 0 };
  }

  private passFilemark(block: Block): number {
    const { earlier } = parseFilemark(block);
    if (earlier) this.expectList(block.at, earlier);
    this.filemarks.push(this.view.fileOffset(block.at));
    if (this.filemarks.length > MAX_LISTED_FILEMARKS) this.filemarks.shift();
    if (this.open?.atEnd && this.open.closingBlocks >= CLOSING_BLOCKS) {
      this.closed.push(assembleBackupSet(this.open));
      this.open = undefined;
    }
    return block.at + block.fixed.length;
  }

  /** A filemark lists all those before it, or as many of the newest as it has room for. */
  private expectList(at: number, earlier: readonly number[]): void {
    const known = this.filemarks;
    const isShort = known.length > 0 && earlier.length === 0;
    const wrong = earlier.find((offset, index) => offset !== known[known.length - 1 - index]);
    if (isShort || wrong !== undefined) {
      const expected = known.length > 0 ? `the last one is at ${known.at(-1)}` : "there is none";
      throw new BackupFault(
        "damaged",
        at,
        `a filemark lists one at ${wrong ?? "no offset"} before it, but ${expected}`,
      );
    }
  }

  private async passStreams(block: Block): Promise<number> {
    let at = block.at + block.fixed.length;
    for (;;) {
      this.spendStep(at);
      const stream = await readStream(this.view, at);
      const end = stream.dataAt + stream.length;
      if (stream.id === "MQCI") await this.takeConfig(block, stream);
      await this.visitStream?.(this.view, stream);
      if (stream.id === "SPAD") return end;
      at = alignStream(end);
    }
  }

  private async takeConfig(block: Block, stream: Stream): Promise<void> {
    const set = this.open;
    if (!set || (block.type !== "MSCI" && block.type !== "MSLS")) return;
    if (stream.length > MAX_CONFIG_BYTES) {
      throw new BackupFault("damaged", stream.at, "the backup's description is impossibly long");
    }
    const config = readBackupConfig(await this.view.window(stream.dataAt, stream.length));
    if (block.type === "MSCI") set.atStart = config;
    else {
      expectSameBackup(set.atStart, config, block.at);
      set.atEnd = config;
    }
  }
}

/** Each block says how far it is from its set's start, so bytes that are missing or too many before it show here. */
function expectPlace(block: Block, ssetAt: number): void {
  const surplus = block.at - ssetAt - block.formatLogicalAddress * LOGICAL_BLOCK_BYTES;
  if (surplus === 0) return;
  const fault = surplus < 0 ? `${-surplus} bytes before it are missing` : `${surplus} bytes too many are before it`;
  throw new BackupFault("damaged", block.at, `the ${block.type} block is not where it says it is: ${fault}`);
}

function expectSameBackup(start: BackupConfig | undefined, end: BackupConfig, at: number): void {
  if (!start) return;
  const same = start.databaseName === end.databaseName && start.startDate === end.startDate && start.kind === end.kind;
  if (!same) {
    throw new BackupFault("damaged", at, "the closing description belongs to another backup than the opening one");
  }
}
