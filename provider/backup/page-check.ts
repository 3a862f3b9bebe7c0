import type { ByteWindow } from "./byte-window";
import { PAGE_BYTES, pageChecksum } from "./page-checksum";
import type { StreamVisitor } from "./set-collector";

/** Pages of a data stream stand behind two zero bytes. */
const PREFIX_BYTES = 2;
const WINDOW_PAGES = 32;
const CHECKSUM_AT = 60;
const HEADER_VERSION = 1;
/** PAGE_VERIFY CHECKSUM covers this page. */
const HAS_CHECKSUM = 0x200;
/** Encrypted pages (TDE) are not known well enough to judge. */
const IS_ENCRYPTED = 0x800;
const KNOWN_PAGE_TYPES = 20;
const MAX_FREE_BYTES = PAGE_BYTES - 96;
/** Backups copy whole extents of eight pages, so a page's number and its place in the stream agree modulo eight (2,090 of 2,090). */
const PAGES_PER_EXTENT = 8;

/** What the pages of a whole file showed. */
export interface PageFindings {
  checkedPages: number;
  damagedPages: number;
  firstDamagedAt: number | undefined;
}

/**
 * Compares each page that carries a checksum with it. Pages without one (freshly set aside, or of a database without
 * PAGE_VERIFY CHECKSUM) tell nothing; what lies in unused pages is no page at all and is passed over.
 */
export function pageChecker(): { visit: StreamVisitor; findings: PageFindings } {
  const findings: PageFindings = { checkedPages: 0, damagedPages: 0, firstDamagedAt: undefined };
  const visit: StreamVisitor = async (view, stream) => {
    if (stream.id !== "MQDA") return;
    const end = stream.dataAt + stream.length;
    const first = stream.dataAt + PREFIX_BYTES;
    for (let at = first; at + PAGE_BYTES <= end; ) {
      const pages = Math.min(WINDOW_PAGES, Math.floor((end - at) / PAGE_BYTES));
      checkPages(await view.window(at, pages * PAGE_BYTES), (at - first) / PAGE_BYTES, findings);
      at += pages * PAGE_BYTES;
    }
  };
  return { visit, findings };
}

function checkPages(window: ByteWindow, firstPage: number, findings: PageFindings): void {
  for (let at = 0; at < window.length; at += PAGE_BYTES) {
    const page = window.slice(at, PAGE_BYTES);
    if (!carriesChecksum(page, firstPage + at / PAGE_BYTES)) continue;
    findings.checkedPages += 1;
    const { bytes } = page;
    if (pageChecksum(new DataView(bytes.buffer, bytes.byteOffset, PAGE_BYTES)) === page.u32(CHECKSUM_AT)) continue;
    findings.damagedPages += 1;
    findings.firstDamagedAt ??= page.base;
  }
}

/** Unused pages may hold any old bytes, so every field that has a known range must be in it. */
function carriesChecksum(page: ByteWindow, placeInStream: number): boolean {
  const flags = page.u16(4);
  const type = page.u8(1);
  const isPage =
    page.u8(0) === HEADER_VERSION &&
    type >= 1 &&
    type <= KNOWN_PAGE_TYPES &&
    page.u16(28) <= MAX_FREE_BYTES &&
    page.u16(30) <= PAGE_BYTES &&
    page.u16(36) >= 1 &&
    (page.u32(32) - placeInStream) % PAGES_PER_EXTENT === 0;
  return isPage && (flags & HAS_CHECKSUM) !== 0 && (flags & IS_ENCRYPTED) === 0;
}
