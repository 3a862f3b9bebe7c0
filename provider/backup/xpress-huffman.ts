/** Thrown when a block is not valid Xpress-Huffman. The caller adds the offset in the file. */
export class XpressError extends Error {}

const SYMBOLS = 512;
const LITERALS = 256;
/** The table packs the code lengths of two symbols into a byte. */
const TABLE_BYTES = SYMBOLS / 2;
const MAX_CODE_BITS = 15;
const LOOKUP_ENTRIES = 1 << MAX_CODE_BITS;
const WORD_BITS = 16;
const MIN_MATCH = 3;
const LONG_LENGTH = 15;
const LONGER_LENGTH = 255;

/**
 * Decodes one block of LZ77+Huffman (Xpress-Huffman, MS-XCA §2.2) to exactly `outputBytes` bytes. A block has one code
 * table, so it holds at most 64 KiB. Every match and length is checked against the output before it is copied.
 */
export function decodeXpressHuffman(input: Uint8Array, outputBytes: number): Uint8Array {
  const lookup = buildLookup(input);
  const bits = new BitReader(input, TABLE_BYTES);
  const output = new Uint8Array(outputBytes);
  for (let at = 0; at < outputBytes; ) {
    const entry = lookup[bits.peek(MAX_CODE_BITS)] ?? 0;
    bits.drop(entry & 15);
    const symbol = entry >> 4;
    if (symbol < LITERALS) {
      output[at] = symbol;
      at += 1;
      continue;
    }
    const length = readMatchLength(bits, symbol & 15);
    const offsetBits = (symbol - LITERALS) >> 4;
    const distance = (1 << offsetBits) + bits.peek(offsetBits);
    bits.drop(offsetBits);
    if (distance > at || length > outputBytes - at) throw new XpressError("a match reaches outside the block");
    // Byte by byte: source and target may overlap, and the copy then repeats the bytes just written.
    for (const end = at + length; at < end; at += 1) output[at] = output[at - distance] ?? 0;
  }
  return output;
}

function readMatchLength(bits: BitReader, stated: number): number {
  if (stated < LONG_LENGTH) return stated + MIN_MATCH;
  const byte = bits.byte();
  if (byte < LONGER_LENGTH) return byte + LONG_LENGTH + MIN_MATCH;
  const word = bits.byte() | (bits.byte() << 8);
  const length = word === 0 ? bits.byte() | (bits.byte() << 8) | (bits.byte() << 16) | (bits.byte() << 24) : word;
  if (length < LONG_LENGTH) throw new XpressError("a match has an impossible length");
  return length + MIN_MATCH;
}

/** For each value of the next 15 bits: the symbol (upper 12 bits) and the length of its code (lower 4). */
function buildLookup(input: Uint8Array): Uint16Array {
  if (input.length < TABLE_BYTES) throw new XpressError("the block ends within its code table");
  const lookup = new Uint16Array(LOOKUP_ENTRIES);
  let filled = 0;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
    const span = 1 << (MAX_CODE_BITS - bits);
    for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
      const pair = input[symbol >> 1] ?? 0;
      if ((symbol & 1 ? pair >> 4 : pair & 15) !== bits) continue;
      if (filled + span > LOOKUP_ENTRIES) throw new XpressError("the code table is overfull");
      lookup.fill((symbol << 4) | bits, filled, filled + span);
      filled += span;
    }
  }
  if (filled !== LOOKUP_ENTRIES) throw new XpressError("the code table is incomplete");
  return lookup;
}

/** Reads bits from the top of little-endian 16-bit words; whole bytes between the words hold long lengths. */
class BitReader {
  private window = 0;
  /** Valid bits in `window` beyond the 16 that always are. */
  private extra = WORD_BITS;

  constructor(
    private readonly input: Uint8Array,
    private at: number,
  ) {
    this.window = ((this.word() << WORD_BITS) | this.word()) >>> 0;
  }

  peek(bits: number): number {
    return bits === 0 ? 0 : this.window >>> (32 - bits);
  }

  drop(bits: number): void {
    this.window = (this.window << bits) >>> 0;
    this.extra -= bits;
    if (this.extra < 0) {
      this.window = (this.window | (this.word() << -this.extra)) >>> 0;
      this.extra += WORD_BITS;
    }
  }

  byte(): number {
    const byte = this.input[this.at];
    if (byte === undefined) throw new XpressError("the block ends within a match");
    this.at += 1;
    return byte;
  }

  /** The decoder peeks up to two words ahead, so a few zeros past the end are allowed. */
  private word(): number {
    if (this.at > this.input.length + 4) throw new XpressError("the block ends before its data");
    const word = (this.input[this.at] ?? 0) | ((this.input[this.at + 1] ?? 0) << 8);
    this.at += 2;
    return word;
  }
}
