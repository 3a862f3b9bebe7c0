import { createHash } from "node:crypto";
import { PAGE_BYTES, pageChecksum, pageSums } from "../../provider/backup/page-checksum";
import { FieldWriter } from "./field-writer";

/** Page types: the first page of a file is the file header, the others contain data. */
const FILE_HEADER_PAGE = 15;
const DATA_PAGE = 1;
const HAS_CHECKSUM = 0x200;
const FIXED_LENGTH = 8;
const PAGE_HEADER_BYTES = 96;

/** Generates page `number` of the database from the seed alone, so that pages can be generated independently. */
export function pageContent(seed: string, number: number): Uint8Array {
  const page = new FieldWriter(PAGE_BYTES)
    .u8(0, 1)
    .u8(1, number === 0 ? FILE_HEADER_PAGE : DATA_PAGE)
    .u16(4, HAS_CHECKSUM | FIXED_LENGTH)
    .u32(32, number % 2 ** 32)
    .u16(36, 1);
  // One repeated digest is enough: it differs for each page, so a mix-up of pages changes the content.
  const digest = createHash("sha256").update(`${seed}/${number}`).digest();
  for (let at = PAGE_HEADER_BYTES; at + digest.length <= PAGE_BYTES; at += digest.length) page.put(at, digest);
  const data = new DataView(page.bytes.buffer);
  return page.u32(60, pageChecksum(data, 0, pageSums(data, 0))).bytes;
}
