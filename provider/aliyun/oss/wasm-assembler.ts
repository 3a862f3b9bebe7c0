/**
 * Writes a small WebAssembly module byte by byte: one imported memory, some exported functions. It supports the few
 * instructions that the checksum needs.
 * @see https://webassembly.github.io/spec/core/binary/index.html
 */
export type Code = readonly number[];

export const VALUE_TYPES = { i32: 0x7f, i64: 0x7e } as const;
export type ValueType = keyof typeof VALUE_TYPES;

export interface WasmFunction {
  name: string;
  params: readonly ValueType[];
  result?: ValueType;
  /** Local variables after the parameters. */
  locals?: readonly ValueType[];
  body: Code;
}

/** LEB128: 7 bits per byte, lowest first. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

const SIMD = 0xfd;
const NO_RESULT = 0x40;
/** Alignment hint of loads and stores: none. */
const UNALIGNED = 0;

/** Instructions. Operands precede their operator, because WebAssembly is a stack machine. */
export const wasm = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  tee: (local: number): Code => [0x22, ...unsigned(local)],
  i32: (value: number): Code => [0x41, ...signed(value)],
  i64: (value: number): Code => [0x42, ...signed(value)],
  i32Add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  i32And: (a: Code, b: Code): Code => [...a, ...b, 0x71],
  i32Shl: (a: Code, b: Code): Code => [...a, ...b, 0x74],
  i32LessThan: (a: Code, b: Code): Code => [...a, ...b, 0x49],
  i32AtMost: (a: Code, b: Code): Code => [...a, ...b, 0x4d],
  i64Xor: (a: Code, b: Code): Code => [...a, ...b, 0x85],
  i64ShiftRight: (a: Code, b: Code): Code => [...a, ...b, 0x88],
  /** The lower half of an i64. */
  wrap: (a: Code): Code => [...a, 0xa7],
  i64Load: (address: Code, offset = 0): Code => [...address, 0x29, UNALIGNED, ...unsigned(offset)],
  i64LoadByte: (address: Code, offset = 0): Code => [...address, 0x31, UNALIGNED, ...unsigned(offset)],
  v128Load: (address: Code, offset = 0): Code => [...address, SIMD, 0x00, UNALIGNED, ...unsigned(offset)],
  v128Store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    SIMD,
    0x0b,
    UNALIGNED,
    ...unsigned(offset),
  ],
  v128Xor: (a: Code, b: Code): Code => [...a, ...b, SIMD, ...unsigned(0x51)],
  /** Repeats `body` while `condition` holds; it is checked before each iteration. */
  while: (condition: Code, body: Code): Code => [
    ...[0x02, NO_RESULT, 0x03, NO_RESULT],
    ...[...condition, 0x45, 0x0d, 1],
    ...body,
    ...[0x0c, 0, 0x0b, 0x0b],
  ],
};

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const text = (name: string): Code => vector([...Buffer.from(name, "utf8")].map((byte) => [byte]));

/** The bytes of a module that imports `env.memory` with at least `memoryPages` of 64 KiB. */
export function assembleModule(memoryPages: number, functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const typeList = (types: readonly ValueType[]): Code => vector(types.map((type) => [VALUE_TYPES[type]]));
  const types = functions.map(({ params, result }) => [
    0x60,
    ...typeList(params),
    ...typeList(result === undefined ? [] : [result]),
  ]);
  const bodies = functions.map(({ locals = [], body }) => {
    const code = [...vector(locals.map((type) => [1, VALUE_TYPES[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([[...text("env"), ...text("memory"), 0x02, 0x00, ...unsigned(memoryPages)]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ]);
}
