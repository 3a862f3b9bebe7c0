import { FieldWriter } from "./field-writer";

const SYMBOLS = 512;
const END_SYMBOL = 256;
const MAX_CODE_BITS = 15;
const MIN_MATCH = 3;
const LONG_LENGTH = 15;
const LONGER_LENGTH = 255;
const TABLE_BYTES = SYMBOLS / 2;
/** Size of the table that maps a hash of three bytes to their last position. */
const HASH_ENTRIES = 1 << 14;

/** A literal byte, or a copy of `length` bytes from `distance` bytes back. */
type Token = { literal: number } | { length: number; distance: number };

/** Encodes up to 64 KiB as one Xpress-Huffman block (MS-XCA §2.1.4); intended for small test data, not for speed. */
export function encodeXpressHuffman(data: Uint8Array): Uint8Array {
  const tokens = findMatches(data);
  const counts = new Array<number>(SYMBOLS).fill(0);
  for (const token of tokens) counts[symbolOf(token)] = (counts[symbolOf(token)] ?? 0) + 1;
  counts[END_SYMBOL] = (counts[END_SYMBOL] ?? 0) + 1;
  const lengths = codeLengths(counts);
  const codes = canonicalCodes(lengths);
  // A token takes at most two 15-bit codes and seven bytes.
  const bits = new BitWriter(TABLE_BYTES + 16 + tokens.length * 11);
  lengths.forEach((length, symbol) => {
    bits.out.u8(symbol >> 1, (bits.out.bytes[symbol >> 1] ?? 0) | (length << (symbol & 1 ? 4 : 0)));
  });
  for (const token of tokens) {
    const symbol = symbolOf(token);
    bits.write(lengths[symbol] ?? 0, codes[symbol] ?? 0);
    if ("length" in token) writeMatch(bits, token);
  }
  bits.write(lengths[END_SYMBOL] ?? 0, codes[END_SYMBOL] ?? 0);
  return bits.finish();
}

function writeMatch(bits: BitWriter, { length, distance }: { length: number; distance: number }): void {
  const stated = length - MIN_MATCH;
  if (stated >= LONG_LENGTH) {
    if (stated - LONG_LENGTH < LONGER_LENGTH) bits.byte(stated - LONG_LENGTH);
    else {
      bits.byte(LONGER_LENGTH);
      bits.byte(stated & 0xff);
      bits.byte(stated >> 8);
    }
  }
  const offsetBits = 31 - Math.clz32(distance);
  bits.write(offsetBits, distance - (1 << offsetBits));
}

function symbolOf(token: Token): number {
  if ("literal" in token) return token.literal;
  const offsetBits = 31 - Math.clz32(token.distance);
  return 256 + (offsetBits << 4) + Math.min(LONG_LENGTH, token.length - MIN_MATCH);
}

function findMatches(data: Uint8Array): Token[] {
  const tokens: Token[] = [];
  const lastSeen = new Int32Array(HASH_ENTRIES).fill(-1);
  for (let at = 0; at < data.length; ) {
    const [a = 0, b = 0, c = 0] = data.subarray(at, at + MIN_MATCH);
    const hash = ((a << 6) ^ (b << 3) ^ c) % HASH_ENTRIES;
    const from = lastSeen[hash] ?? -1;
    lastSeen[hash] = at;
    let length = 0;
    if (from >= 0) while (at + length < data.length && data[from + length] === data[at + length]) length += 1;
    if (length >= MIN_MATCH) tokens.push({ length, distance: at - from });
    else tokens.push({ literal: a });
    at += length >= MIN_MATCH ? length : 1;
  }
  return tokens;
}

/** Huffman code lengths. Counts are flattened until no code exceeds 15 bits. */
function codeLengths(counts: readonly number[]): number[] {
  for (let scaled = [...counts]; ; scaled = scaled.map((count) => (count > 0 ? (count >> 1) + 1 : 0))) {
    const lengths = huffmanLengths(scaled);
    if (Math.max(...lengths) <= MAX_CODE_BITS) return lengths;
  }
}

function huffmanLengths(counts: readonly number[]): number[] {
  const lengths = counts.map(() => 0);
  const nodes = counts.flatMap((count, symbol) => (count > 0 ? [{ count, symbols: [symbol] }] : []));
  // A Huffman code needs at least two symbols.
  if (nodes.length === 1) nodes.push({ count: 1, symbols: [nodes[0]?.symbols[0] === 0 ? 1 : 0] });
  while (nodes.length > 1) {
    nodes.sort((left, right) => right.count - left.count);
    const [one, other] = nodes.splice(-2);
    if (!one || !other) break;
    const symbols = [...one.symbols, ...other.symbols];
    for (const symbol of symbols) lengths[symbol] = (lengths[symbol] ?? 0) + 1;
    nodes.push({ count: one.count + other.count, symbols });
  }
  return lengths;
}

/** Assigns codes in the order of length, then symbol. */
function canonicalCodes(lengths: readonly number[]): number[] {
  const codes = lengths.map(() => 0);
  let code = 0;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
    lengths.forEach((length, symbol) => {
      if (length !== bits) return;
      codes[symbol] = code;
      code += 1;
    });
    code <<= 1;
  }
  return codes;
}

/** Writes bits into 16-bit words. Their positions are reserved two words ahead, because the decoder reads that far ahead. */
class BitWriter {
  readonly out: FieldWriter;
  private word = 0;
  private freeBits = 16;
  private wordAt = TABLE_BYTES;
  private nextWordAt = TABLE_BYTES + 2;
  private at = TABLE_BYTES + 4;

  constructor(maxBytes: number) {
    this.out = new FieldWriter(maxBytes);
  }

  write(bits: number, value: number): void {
    const now = Math.min(bits, this.freeBits);
    this.word = (this.word << now) | (value >> (bits - now));
    this.freeBits -= now;
    // A full word is written at the next bit, because the decoder fetches the following word only then.
    if (bits === now) return;
    this.flushWord();
    const rest = bits - now;
    this.word = value & ((1 << rest) - 1);
    this.freeBits = 16 - rest;
  }

  byte(value: number): void {
    this.out.u8(this.at, value);
    this.at += 1;
  }

  finish(): Uint8Array {
    this.out.u16(this.wordAt, (this.word << this.freeBits) & 0xffff).u16(this.nextWordAt, 0);
    return this.out.bytes.subarray(0, this.at);
  }

  private flushWord(): void {
    this.out.u16(this.wordAt, this.word & 0xffff);
    this.wordAt = this.nextWordAt;
    this.nextWordAt = this.at;
    this.at += 2;
    this.word = 0;
    this.freeBits = 16;
  }
}
