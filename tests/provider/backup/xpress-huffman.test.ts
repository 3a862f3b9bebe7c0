import fc from "fast-check";
import { decodeXpressHuffman, XpressError } from "../../../provider/backup/xpress-huffman";
import { encodeXpressHuffman } from "../../../testing/backup-writer/xpress-encoding";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const ALPHABET = "abcdefghijklmnopqrstuvwxyz";

/** 26 letters and six matches of five bits each: a complete code, whose letters count up from 00000. */
function alphabetBlock(): Uint8Array {
  const block = new Uint8Array(256 + 18);
  const symbols = [...bytesOf(ALPHABET), 256, 257, 258, 259, 260, 261];
  for (const symbol of symbols) block[symbol >> 1] = (block[symbol >> 1] ?? 0) | (symbol & 1 ? 5 << 4 : 5);
  const bits = Array.from(ALPHABET, (_, index) => index.toString(2).padStart(5, "0"))
    .join("")
    .padEnd(9 * 16, "0");
  for (let word = 0; word < 9; word += 1) {
    const value = Number.parseInt(bits.slice(word * 16, word * 16 + 16), 2);
    block[256 + word * 2] = value & 0xff;
    block[257 + word * 2] = value >> 8;
  }
  return block;
}

describe("decodeXpressHuffman", () => {
  it("decodes a hand-written block: 26 letters of five bits each", () => {
    expect(Buffer.from(decodeXpressHuffman(alphabetBlock(), ALPHABET.length)).toString()).toBe(ALPHABET);
  });

  it("decodes whatever was encoded", () => {
    const chunk = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 2000 }),
      fc
        .array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 1, maxLength: 4000 })
        .map((list) => Uint8Array.from(list)),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 1500 }))
        .map(([part, times]) => {
          return Uint8Array.from({ length: part.length * times }, (_, index) => part[index % part.length] ?? 0);
        }),
    );
    fc.assert(
      fc.property(chunk, (data) => {
        expect(Buffer.compare(decodeXpressHuffman(encodeXpressHuffman(data), data.length), data)).toBe(0);
      }),
    );
  });

  it("decodes 64 KiB with matches of every length", () => {
    const data = new Uint8Array(65_536);
    for (let at = 0; at < data.length; at += 1) data[at] = at < 40_000 ? 0 : (at * at) % 251;
    expect(Buffer.compare(decodeXpressHuffman(encodeXpressHuffman(data), data.length), data)).toBe(0);
  });

  it.each([
    ["ends within its table", new Uint8Array(200), 10],
    ["has an empty table", new Uint8Array(300), 10],
    ["has an overfull table", new Uint8Array(300).fill(0x11), 10],
    ["ends before its contents", encodeXpressHuffman(bytesOf("some text")), 4000],
  ])("refuses a block that %s", (_what, block, size) => {
    expect(() => decodeXpressHuffman(block, size)).toThrow(XpressError);
  });

  it("never writes or reads outside its block, whatever the bits are", () => {
    const valid = encodeXpressHuffman(bytesOf("abcabcabcabcabc".repeat(30)));
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(5000), (at, value, size) => {
        const block = Uint8Array.from(valid);
        block[at] = value;
        try {
          expect(decodeXpressHuffman(block, size)).toHaveLength(size);
        } catch (error) {
          expect(error).toBeInstanceOf(XpressError);
        }
      }),
    );
  });
});
