export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WebAssemblyGlobal {
  Memory: new (limits: { initial: number; maximum: number }) => WasmMemory;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { exports: Record<string, unknown> };
}

/** The engine's `WebAssembly` global. Node 20's types lack it, and the browser's types would add too much. */
export const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyGlobal };
