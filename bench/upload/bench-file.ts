import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { HashingMemory } from "../../provider/aliyun/oss/hashing-memory";
import { BLOCK_BYTES } from "./block-checksums";

/** Writes an incompressible file, which stays in the page cache. */
export async function writeRandomFile(path: string, sizeBytes: number): Promise<void> {
  const block = randomBytes(8 * BLOCK_BYTES);
  const handle = await open(path, "w");
  try {
    for (let at = 0; at < sizeBytes; at += block.length) {
      block.writeDoubleLE(at, 0); // makes every block unique
      await handle.write(block, 0, Math.min(block.length, sizeBytes - at), at);
    }
  } finally {
    await handle.close();
  }
}

/** Creates a sparse file of zeros, which uses no disk space. */
export async function writeSparseFile(path: string, sizeBytes: number): Promise<void> {
  const handle = await open(path, "w");
  await handle.truncate(sizeBytes);
  await handle.close();
}

/** The CRC-64 of each block as a decimal string. */
export async function checksumBlocks(path: string): Promise<string[]> {
  const memory = new HashingMemory(BLOCK_BYTES);
  const blocks: string[] = [];
  const handle = await open(path, "r");
  try {
    for (;;) {
      const { bytesRead } = await handle.read(memory.bytes, 0, BLOCK_BYTES, blocks.length * BLOCK_BYTES);
      if (bytesRead === 0) return blocks;
      blocks.push(String(memory.crc64(0, bytesRead, 0n)));
    }
  } finally {
    await handle.close();
  }
}

/** CRC-64 throughput of one core in 10⁹ bytes/s, over a buffer larger than the inner caches. */
export function measureCrc(): number {
  const memory = new HashingMemory(16 * BLOCK_BYTES);
  let bytes = 0;
  const before = process.cpuUsage();
  let cpuSeconds = 0;
  while (cpuSeconds < 1) {
    for (let at = 0; at < memory.bytes.length; at += BLOCK_BYTES) memory.crc64(at, at + BLOCK_BYTES, 0n);
    bytes += memory.bytes.length;
    const { user, system } = process.cpuUsage(before);
    cpuSeconds = (user + system) / 1e6;
  }
  return bytes / cpuSeconds / 1e9;
}
