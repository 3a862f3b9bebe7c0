import { timesX } from "./crc64";
import { assembleModule, type Code, wasm } from "./wasm-assembler";
import { type WasmMemory, webAssembly } from "./web-assembly";

/**
 * The checksum's two inner loops as WebAssembly.
 *
 * `slice` is the standard algorithm: eight bytes per step with eight tables ("slicing-by-8"), about 1.5 GB/s.
 *
 * `fold` makes it several times as fast. A checksum is the remainder of a division by the generator polynomial G, and that
 * remainder does not change if the data are first divided by any multiple of G. Division by a multiple with few terms
 * is `q[i] = data[i] ^ q[i - d1] ^ … ^ q[i - d7]`: sixteen bytes per step, without tables. `slice` processes its
 * remainder, the last 1,498 bytes. (The idea is Chorba's: S. Russell, https://arxiv.org/abs/2412.16398.)
 *
 * The distances belong to a multiple with eight terms in y = x^8, found by a generalised birthday search over sums of
 * pairs of y^i. Tests check that it is a multiple of G, and that the results equal those of the definition. Multiples
 * with an odd number of terms do not exist: G has an even number of terms, so x = 1 is a root of G and of each
 * multiple.
 */
export const FOLD_DISTANCES = [226, 335, 480, 1182, 1366, 1393, 1498] as const;

/** Bytes per step of `fold`. Every distance is longer, so a step does not read what it writes. */
export const FOLD_STEP_BYTES = 64;
/** Bytes of the quotient that must precede a block to fold; at least the longest distance. */
export const FOLD_HISTORY_BYTES = 1536;

const TABLES = 8;
const TABLE_BYTES = 256 * 8;
/** Size of the tables that `slice` expects at address 0. */
export const SLICE_TABLES_BYTES = TABLES * TABLE_BYTES;

export interface Crc64Module {
  /** Updates the register `crc` with the bytes from `from` to `end`. Neither input nor result is inverted. */
  slice(crc: bigint, from: number, end: number): bigint;
  /**
   * Folds the bytes from `from` to `end` (a multiple of 64) and writes the result to `out`. `history` is the address of
   * the quotient of the 1,536 bytes before them; the quotient of the folded bytes follows it.
   */
  fold(from: number, end: number, history: number, out: number): void;
}

/** Builds the module over `memory` and writes the tables to its start. */
export function instantiateCrc64(memory: WasmMemory): Crc64Module {
  new BigUint64Array(memory.buffer, 0, TABLES * 256).set(sliceTables());
  const pages = memory.buffer.byteLength / 65_536;
  const bytes = assembleModule(pages, [
    { name: "slice", params: ["i64", "i32", "i32"], result: "i64", body: sliceBody() },
    { name: "fold", params: ["i32", "i32", "i32", "i32"], body: foldBody() },
  ]);
  const { slice, fold } = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } }).exports;
  if (typeof slice !== "function" || typeof fold !== "function") throw new Error("the module lacks its functions");
  return {
    slice: (crc, from, end) => BigInt.asUintN(64, slice(BigInt.asIntN(64, crc), from, end)),
    fold: (from, end, history, out) => fold(from, end, history, out),
  };
}

function foldBody(): Code {
  const [from, end, history, out] = [0, 1, 2, 3].map(wasm.get) as [Code, Code, Code, Code];
  const advance = (local: number): Code => [
    ...wasm.i32Add(wasm.get(local), wasm.i32(FOLD_STEP_BYTES)),
    ...wasm.set(local),
  ];
  const step: Code[] = [];
  for (let at = 0; at < FOLD_STEP_BYTES; at += 16) {
    const folded = FOLD_DISTANCES.reduce<Code>(
      (sum, distance) => wasm.v128Xor(sum, wasm.v128Load(history, FOLD_HISTORY_BYTES - distance + at)),
      wasm.v128Load(from, at),
    );
    step.push(wasm.v128Store(out, folded, at));
  }
  return wasm.while(wasm.i32LessThan(from, end), [...step.flat(), ...advance(0), ...advance(2), ...advance(3)]);
}

function sliceBody(): Code {
  const [crc, from, end] = [0, 1, 2].map(wasm.get) as [Code, Code, Code];
  /** Table `table`'s entry for byte `byte` of the register. */
  const tableEntry = (table: number, byte: number): Code => {
    const index = wasm.i32And(wasm.wrap(wasm.i64ShiftRight(crc, wasm.i64(byte * 8))), wasm.i32(255));
    return wasm.i64Load(wasm.i32Shl(index, wasm.i32(3)), table * TABLE_BYTES);
  };
  const eightBytes = [0, 1, 2, 3, 4, 5, 6, 7]
    .map((byte) => tableEntry(7 - byte, byte))
    .reduce((a, b) => wasm.i64Xor(a, b));
  const updateCrc = (data: Code): Code => [...wasm.i64Xor(crc, data), ...wasm.set(0)];
  const advance = (bytes: number): Code => [...wasm.i32Add(from, wasm.i32(bytes)), ...wasm.set(1)];
  return [
    ...wasm.while(wasm.i32AtMost(wasm.i32Add(from, wasm.i32(8)), end), [
      ...updateCrc(wasm.i64Load(from)),
      ...[...eightBytes, ...wasm.set(0)],
      ...advance(8),
    ]),
    ...wasm.while(wasm.i32LessThan(from, end), [
      ...updateCrc(wasm.i64LoadByte(from)),
      ...[...wasm.i64Xor(wasm.i64ShiftRight(crc, wasm.i64(8)), tableEntry(0, 0)), ...wasm.set(0)],
      ...advance(1),
    ]),
    ...crc,
  ];
}

/** Table 0 updates the register with one byte, table t with one byte followed by t zeros. */
function sliceTables(): BigUint64Array {
  const tables = new BigUint64Array(TABLES * 256);
  const entry = (index: number): bigint => tables[index] ?? 0n;
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = timesX(crc);
    tables[byte] = crc;
  }
  for (let index = 256; index < TABLES * 256; index++) {
    const before = entry(index - 256);
    tables[index] = (before >> 8n) ^ entry(Number(before & 255n));
  }
  return tables;
}
