import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { BlobFolder } from "../../../emulator/oss/blob-folder";

const CHUNK = Buffer.alloc(300_000, 7);

let folder: string;
let blobs: BlobFolder;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "blobs-"));
  blobs = new BlobFolder(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* chunksOf(...chunks: (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield chunk;
  }
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

it("reads any range across several files", async () => {
  const segments = [await blobs.store(chunksOf(Buffer.from("abc"))), await blobs.store(chunksOf(Buffer.from("defg")))];
  for (let start = 0; start <= 7; start++) {
    for (let end = start; end <= 7; end++) {
      expect((await bytesOf(blobs.read(segments, start, end))).toString()).toBe("abcdefg".slice(start, end));
    }
  }
});

it("removes an incomplete file after an error", async () => {
  await expect(blobs.store(chunksOf(CHUNK, new Error("gone")))).rejects.toThrow("gone");
  expect(readdirSync(folder)).toEqual([]);
});

it("removes discarded files only after their readers have finished", async () => {
  const segments = [await blobs.store(chunksOf(CHUNK)), await blobs.store(chunksOf(CHUNK))];
  const reading = blobs.read(segments, 0, 2 * CHUNK.length);
  const other = blobs.read(segments, 0, 10);
  await reading.next();
  await other.next();
  blobs.discard(segments);
  expect(readdirSync(folder)).toHaveLength(2);
  await other.return(undefined);
  expect((await bytesOf(reading)).length).toBeGreaterThan(CHUNK.length);
  expect(readdirSync(folder)).toEqual([]);
});
