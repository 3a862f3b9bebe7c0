import { type BackupConfig, readBackupConfig } from "./backup-config";
import { BackupFault } from "./backup-fault";
import type { BackupSet } from "./backup-file";
import { assembleBackupSet, type SetParts } from "./backup-set";
import { parseFilemark } from "./filemark";
import { alignStream, type Block, readBlock, readStream, type Stream } from "./mtf-block";
import type { MtfView } from "./mtf-view";

/** No real description comes near this; a database of 1,000 files needs 1.2 MB. */
export const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const LOGICAL_BLOCK_BYTES = 1024;
const CLOSING_BLOCKS = 2;
const IN_LOGICAL_ORDER = new Set(["VOLB", "MSCI", "MSDA", "MSTL", "MSLS"]);

interface OpenSet extends SetParts {
  startFilemarkAt: number | undefined;
  msciBytes?: number;
  closingBlocks: number;
  isClosed: boolean;
}

/** What happens to a stream on the way, beyond what the collector itself reads. */
export type StreamVisitor = (block: Block, stream: Stream) => Promise<void>;

/**
 * Follows the blocks of a file in their order and gathers the backup sets. The order that SQL Server writes, observed on
 * 165 files: filemark | SSET VOLB MSCI [MSDA…] MSTL… MSLS filemark ESET ESET filemark | next set.
 */
export class SetCollector {
  private readonly found: OpenSet[] = [];
  private lastFilemarkAt: number | undefined;

  constructor(
    private readonly view: MtfView,
    private readonly visitStream?: StreamVisitor,
  ) {}

  get sets(): BackupSet[] {
    return this.found.map(assembleBackupSet);
  }

  /** The set whose closing blocks are still to come; undefined between sets. */
  get openSet(): OpenSet | undefined {
    const last = this.found.at(-1);
    return last?.isClosed ? undefined : last;
  }

  /** Reads the block at `at` and gives back its type and where the next one starts. */
  async take(at: number): Promise<{ type: string; end: number }> {
    const block = await readBlock(this.view, at);
    const set = this.openSet;
    if (set && IN_LOGICAL_ORDER.has(block.type)) expectPlace(block, set.sset.at);
    if (block.type === "SSET") this.openNext(block);
    if (block.type === "VOLB" && set) set.volb = block;
    if (block.type === "SFMB") return { type: block.type, end: this.passFilemark(block) };
    const end = await this.passStreams(block);
    if (block.type === "ESET" && set) set.closingBlocks += 1;
    if (block.type === "MSCI" && set) set.msciBytes = end - at;
    return { type: block.type, end };
  }

  private openNext(sset: Block): void {
    if (this.openSet) throw new BackupFault("damaged", sset.at, "a backup set starts before the one ahead of it ends");
    this.found.push({ sset, startFilemarkAt: this.lastFilemarkAt, closingBlocks: 0, isClosed: false });
  }

  private passFilemark(block: Block): number {
    const { earlier } = parseFilemark(block);
    const previous = earlier?.[0];
    const expected = this.lastFilemarkAt === undefined ? undefined : this.view.fileOffset(this.lastFilemarkAt);
    if (earlier && previous !== expected) {
      const stated = previous === undefined ? "none" : `one at ${previous}`;
      throw new BackupFault("damaged", block.at, `a filemark knows of ${stated} before it, but it is at ${expected}`);
    }
    const set = this.openSet;
    if (set?.atEnd && set.closingBlocks >= CLOSING_BLOCKS) set.isClosed = true;
    this.lastFilemarkAt = block.at;
    return block.at + block.fixed.length;
  }

  private async passStreams(block: Block): Promise<number> {
    let at = block.at + block.fixed.length;
    for (;;) {
      const stream = await readStream(this.view, at);
      const end = stream.dataAt + stream.length;
      if (stream.id === "MQCI") await this.takeConfig(block, stream);
      await this.visitStream?.(block, stream);
      if (stream.id === "SPAD") return end;
      at = alignStream(end);
    }
  }

  private async takeConfig(block: Block, stream: Stream): Promise<void> {
    const set = this.openSet;
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
  if (!same)
    throw new BackupFault("damaged", at, "the closing description belongs to another backup than the opening one");
}
