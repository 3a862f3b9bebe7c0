import { BackupFault } from "./backup-fault";
import type { ByteWindow } from "./byte-window";
import type { Stream } from "./mtf-block";
import type { MtfView } from "./mtf-view";
import { addSector, PAGE_BYTES, pageChecksum, pageSums, SECTOR_BYTES, sectorSum } from "./page-checksum";
import type { StreamVisitor } from "./set-collector";

/** Data streams start with two zero bytes; sectors follow. */
const PREFIX_BYTES = 2;
const WINDOW_BYTES = 32 * PAGE_BYTES;
/** Media attribute of a stream whose checksum follows in a CSUM stream (BACKUP … WITH CHECKSUM). */
const CHECKSUM_FOLLOWS = 0x100;
const CHECKSUM_BYTES = 4;
const PAGE_CHECKSUM_AT = 60;
const HEADER_VERSION = 1;
/** PAGE_VERIFY CHECKSUM covers this page. */
const HAS_CHECKSUM = 0x200;
/** Pages encrypted by TDE are skipped: their checksum is not known well enough. */
const IS_ENCRYPTED = 0x800;
const KNOWN_PAGE_TYPES = 20;
const MAX_FREE_BYTES = PAGE_BYTES - 96;
/**
 * Backups copy whole extents of eight pages, so a page's number and its index in the stream agree modulo eight
 * (observed on 2,090 pages).
 */
const PAGES_PER_EXTENT = 8;

/** Result of the page checks over a whole file. */
export interface PageFindings {
  checkedPages: number;
  damagedPages: number;
  firstDamagedAt: number | undefined;
}

/**
 * Checks all data and log while a file is read: each page with a checksum, and each stream written WITH CHECKSUM. Pages
 * without a checksum (newly allocated, or of a database without PAGE_VERIFY CHECKSUM) cannot be checked. Unused pages
 * may hold arbitrary bytes and are skipped.
 */
export function dataChecker(): { visit: StreamVisitor; findings: PageFindings } {
  const findings: PageFindings = { checkedPages: 0, damagedPages: 0, firstDamagedAt: undefined };
  let unverified: { at: number; checksum: number } | undefined;
  const visit: StreamVisitor = async (view, stream) => {
    if (stream.id === "MQDA" || stream.id === "MQTL") {
      const checksum = await checkStream(view, stream, findings);
      unverified = stream.mediaAttributes & CHECKSUM_FOLLOWS ? { at: stream.at, checksum } : undefined;
    }
    if (stream.id !== "CSUM" || unverified === undefined) return;
    const { at, checksum } = unverified;
    unverified = undefined;
    if ((await view.window(stream.dataAt, CHECKSUM_BYTES)).u32(0) !== checksum) {
      throw new BackupFault("damaged", at, "the data at this offset do not match the backup's checksum");
    }
  };
  return { visit, findings };
}

/**
 * The checksum of a stream's contents: the XOR of the sector sums, rotated left by one bit before each. Found by trial;
 * equal to the stored one for 49 of 49 streams of 26 real files.
 */
async function checkStream(view: MtfView, stream: Stream, findings: PageFindings): Promise<number> {
  const start = stream.dataAt + PREFIX_BYTES;
  const end = stream.dataAt + stream.length;
  let checksum = 0;
  for (let at = start; at < end; at += WINDOW_BYTES) {
    const window = await view.window(at, Math.min(WINDOW_BYTES, end - at));
    const data = new DataView(window.bytes.buffer, window.bytes.byteOffset, window.length);
    for (let offset = 0; offset < window.length; ) {
      if (stream.id === "MQDA" && offset + PAGE_BYTES <= window.length) {
        const sums = pageSums(data, offset);
        for (const sum of sums) checksum = addSector(checksum, sum);
        if (carriesChecksum(window, offset, (at + offset - start) / PAGE_BYTES)) {
          checkPage(
            findings,
            window.base + offset,
            pageChecksum(data, offset, sums) === window.u32(offset + PAGE_CHECKSUM_AT),
          );
        }
        offset += PAGE_BYTES;
      } else {
        checksum = addSector(checksum, sectorSum(data, offset));
        offset += SECTOR_BYTES;
      }
    }
  }
  return checksum;
}

function checkPage(findings: PageFindings, at: number, isSound: boolean): void {
  findings.checkedPages += 1;
  if (isSound) return;
  findings.damagedPages += 1;
  findings.firstDamagedAt ??= at;
}

/** Unused pages may hold arbitrary bytes, so every field with a known range must be inside it. */
function carriesChecksum(window: ByteWindow, at: number, indexInStream: number): boolean {
  const flags = window.u16(at + 4);
  const type = window.u8(at + 1);
  const isPage =
    window.u8(at) === HEADER_VERSION &&
    type >= 1 &&
    type <= KNOWN_PAGE_TYPES &&
    window.u16(at + 28) <= MAX_FREE_BYTES &&
    window.u16(at + 30) <= PAGE_BYTES &&
    window.u16(at + 36) >= 1 &&
    (window.u32(at + 32) - indexInStream) % PAGES_PER_EXTENT === 0;
  return isPage && (flags & HAS_CHECKSUM) !== 0 && (flags & IS_ENCRYPTED) === 0;
}
