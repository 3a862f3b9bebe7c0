import { gzipSync } from "node:zlib";
import type { BackupFile } from "../../../provider/backup/backup-file";
import type { RangeSource } from "../../../provider/backup/range-source";
import { readBackup } from "../../../provider/backup/read-backup";
import { DAMAGES } from "../../../testing/backup-writer/damage-backup";
import { type BackupSpec, backupBytes, writtenSource } from "../../../testing/backup-writer/write-backup";
import { bufferSource } from "../../../testing/buffer-source";
import { countingSource } from "./counting-source";

const FULL = { databaseName: "ERP", type: "full" } as const satisfies BackupSpec;
const read = (bytes: Uint8Array, deep = false): Promise<BackupFile> =>
  readBackup(bufferSource("x.bak", bytes), { deep });
const codes = (file: BackupFile): string[] => file.problems.map(({ code }) => code);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe("a file that is not a SQL Server backup", () => {
  it.each([
    ["an empty file", new Uint8Array(0), "BACKUP_EMPTY", /empty/],
    ["a zip", text("PK\x03\x04rest"), "BACKUP_FOREIGN", /zip archive/],
    ["a 7z", Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), "BACKUP_FOREIGN", /7z archive/],
    ["gzip", gzipSync("x"), "BACKUP_FOREIGN", /gzip/],
    [
      "a Git LFS pointer",
      text("version https://git-lfs.github.com/spec/v1\n"),
      "BACKUP_FOREIGN",
      /Git LFS pointer.*git lfs pull/s,
    ],
    ["a PostgreSQL dump", text("PGDMP\x01\x0e"), "BACKUP_FOREIGN", /PostgreSQL/],
    ["Redgate's format", text("SQLSQB00"), "BACKUP_FOREIGN", /Redgate/],
    ["text", text("a;b\n1;2\n"), "BACKUP_FOREIGN", /text file/],
    ["UTF-16 text", Uint8Array.of(0xff, 0xfe, 0x41, 0), "BACKUP_FOREIGN", /text file/],
    ["an HTML page", text("<!DOCTYPE html>"), "BACKUP_FOREIGN", /HTML/],
    ["zeros", new Uint8Array(4096), "BACKUP_FOREIGN", /zeros/],
    [
      "random bytes",
      Uint8Array.of(9, 1, 0xff, 3),
      "BACKUP_FOREIGN",
      /not a SQL Server backup\.\n.*neither TAPE nor MSSQLBAK/,
    ],
  ])("%s: the problem names the kind of file", async (_what, bytes, code, message) => {
    const file = await read(bytes);
    expect(file).toMatchObject({ container: null, encrypted: null, media: null, sets: [], problems: [{ code }] });
    expect(file.problems[0]?.message).toMatch(message);
  });
});

describe("an unsupported container", () => {
  const container = (layout: number, flags: number): Uint8Array => {
    const bytes = new Uint8Array(1000);
    bytes.set(text("MSSQLBAK"));
    bytes[8] = layout;
    bytes[12] = flags;
    return bytes;
  };

  it.each([
    ["encrypted", 2, 0x05, true, "BACKUP_ENCRYPTED"],
    ["encrypted and compressed", 2, 0x07, true, "BACKUP_ENCRYPTED"],
    ["compressed with Zstandard", 2, 0x83, false, "BACKUP_COMPRESSION"],
    ["of an older layout", 1, 0x03, null, "BACKUP_COMPRESSION"],
  ])("that is %s is a problem without guessed values", async (_what, layout, flags, encrypted, code) => {
    expect(await read(container(layout, flags))).toMatchObject({
      container: "MSSQLBAK",
      encrypted,
      media: null,
      sets: [],
      problems: [{ code }],
    });
  });

  it("of a few bytes is truncated", async () => {
    expect(codes(await read(text("MSSQLBAK\x02")))).toEqual(["BACKUP_TRUNCATED"]);
  });
});

describe("damage", () => {
  const sound = backupBytes(FULL);
  /** More than the closing description and the blocks after it. */
  const CLOSING_BYTES = 12_000;

  it("is found wherever a copy stops, and the values read before it are kept", async () => {
    for (let size = 1; size < sound.length; size += 997) {
      const file = await read(sound.slice(0, size));
      expect(codes(file)).toEqual([size < 4 ? "BACKUP_FOREIGN" : "BACKUP_TRUNCATED"]);
      if (size > 16_000 && size < sound.length - CLOSING_BYTES)
        expect(file.sets[0]).toMatchObject({ DatabaseName: "ERP", BackupFinishDate: null, BackupSize: null });
    }
  });

  it("names the byte where the parser stopped", async () => {
    const file = await read(DAMAGES["middle-missing"](sound));
    expect(codes(file)).toEqual(["BACKUP_DAMAGED"]);
    expect(file.problems[0]?.message).toMatch(/damaged at byte \d+/);
  });

  it("of one bit in any header is found by its checksum", async () => {
    for (const name of [
      "TAPE",
      "RAID",
      "SSET",
      "VOLB",
      "MSCI",
      "MQCI",
      "MSDA",
      "MQDA",
      "MSTL",
      "MSLS",
      "ESET",
      "SFMB",
    ]) {
      const bytes = Buffer.from(sound);
      const at = bytes.indexOf(name, 0, "latin1");
      bytes[at + 6] = (bytes[at + 6] ?? 0) ^ 4;
      expect(codes(await read(bytes, true))).toEqual(["BACKUP_DAMAGED"]);
    }
  });

  it("of one bit in a page is found by a deep check only", async () => {
    const bytes = DAMAGES["page-bit"](sound);
    expect(codes(await read(bytes))).toEqual([]);
    const deep = await read(bytes, true);
    expect(codes(deep)).toEqual(["BACKUP_PAGES_DAMAGED"]);
    expect(deep.problems[0]?.message).toContain("one damaged page");
  });

  it("of one bit in the data or the log of a backup WITH CHECKSUM is found by the stream's checksum", async () => {
    const bytes = Buffer.from(backupBytes({ ...FULL, hasBackupChecksums: true, logBytes: 2048 }));
    expect(codes(await read(bytes, true))).toEqual([]);
    for (const stream of ["MQDA", "MQTL"]) {
      const damaged = Buffer.from(bytes);
      const at = damaged.indexOf(stream) + 22 + 2 + 1500;
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const [problem] = (await read(damaged, true)).problems;
      expect(problem?.code).toBe("BACKUP_DAMAGED");
      expect(problem?.message).toContain("the backup's checksum");
    }
  });

  it("leaves values null that only the closing description contains", async () => {
    const file = await read(sound.slice(0, sound.length - CLOSING_BYTES));
    expect(file.sets[0]).toMatchObject({ FirstLSN: null, LastLSN: null, CheckpointLSN: null, BackupFinishDate: null });
    // Up to SQL Server 2017 the opening description contains them.
    const older = backupBytes({ ...FULL, softwareVersion: { major: 14, minor: 0, build: 1000 } });
    const cut = await read(older.slice(0, older.length - CLOSING_BYTES));
    expect(cut.sets[0]?.LastLSN).not.toBeNull();
    expect(cut.sets[0]?.BackupFinishDate).toBeNull();
  });

  it("of a compressed backup is found by its chunks' checksums", async () => {
    const bytes = backupBytes({ ...FULL, compressed: true });
    for (let at = 500; at < bytes.length; at += 499) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const file = await read(damaged, true);
      const isPadding = codes(file).length === 0;
      // Padding between chunks and filemarks has no checksum.
      if (isPadding) expect(file).toEqual(await read(bytes, true));
    }
    expect(codes(await read(bytes.slice(0, bytes.length >> 1)))).toEqual(["BACKUP_TRUNCATED"]);
  });

  it("of a set whose end was overwritten by another backup's is found", async () => {
    const other = backupBytes({ ...FULL, databaseName: "CRM", seed: "ERP" });
    const mixed = Uint8Array.from(sound);
    mixed.set(other.subarray(other.length - 10_000), sound.length - 10_000);
    expect(codes(await read(mixed))).toEqual(["BACKUP_DAMAGED"]);
  });
});

describe("several sets in one file", () => {
  const specs: BackupSpec[] = [FULL, { ...FULL, type: "log" }, { ...FULL, databaseName: "CRM" }];

  it.each([
    ["plain", specs],
    ["compressed", specs.map((spec) => ({ ...spec, compressed: true }))],
    ["with filemarks of 4 KiB", specs.map((spec) => ({ ...spec, filemarkBytes: 4096 }))],
  ])("are all read, in order (%s)", async (_how, sets) => {
    const bytes = backupBytes(sets);
    for (const deep of [false, true]) {
      const file = await read(bytes, deep);
      expect(file.problems).toEqual([]);
      expect(file.sets.map((set) => [set.Position, set.DatabaseName, set.BackupType])).toEqual([
        [1, "ERP", 1],
        [2, "ERP", 2],
        [3, "CRM", 1],
      ]);
    }
  });

  it("are all read when one filemark cannot list them", async () => {
    const many = Array.from(
      { length: 60 },
      (_, index): BackupSpec => ({ ...FULL, type: "log", logBytes: 0, seed: `${index}` }),
    );
    const file = await read(backupBytes(many));
    expect(file.problems).toEqual([]);
    expect(file.sets).toHaveLength(60);
  });

  it("are kept when the last one is truncated", async () => {
    const bytes = backupBytes(specs);
    const file = await read(bytes.slice(0, bytes.length - 5000));
    expect(codes(file)).toEqual(["BACKUP_TRUNCATED"]);
    expect(file.sets.slice(0, 2).map((set) => set.BackupFinishDate)).toEqual([expect.any(String), expect.any(String)]);
  });
});

describe("filemarks of SQL Server 2005", () => {
  /** Their list contains no offsets: the attribute is not set and the entries have another meaning. */
  function withOldFilemarks(bytes: Uint8Array): Uint8Array {
    const old = Buffer.from(bytes);
    for (let at = old.indexOf("SFMB"); at >= 0; at = old.indexOf("SFMB", at + 4)) {
      if (old.readUInt16LE(at + 8) !== 512) continue;
      old.writeUInt32LE(0, at + 4);
      old.fill(0xee, at + 60, at + 512);
      let xor = 0;
      for (let word = 0; word < 50; word += 2) xor ^= old.readUInt16LE(at + word);
      old.writeUInt16LE(xor, at + 50);
    }
    return old;
  }

  it.each([
    ["one set", [FULL]],
    ["several sets", [FULL, { ...FULL, type: "log" as const }, FULL]],
    [
      "a month of sets",
      Array.from({ length: 100 }, (_, index) => ({ ...FULL, type: "log" as const, seed: `${index}` })),
    ],
  ])("do not stop the reading of a file of %s", async (_what, specs) => {
    const file = await read(withOldFilemarks(backupBytes(specs)));
    expect(file.problems).toEqual([]);
    expect(file.sets).toHaveLength(specs.length);
  });
});

describe("cost", () => {
  const TERABYTE = 2 ** 40;

  it("a terabyte takes a handful of range reads", async () => {
    const source = countingSource(writtenSource("big.bak", { ...FULL, dataBytes: TERABYTE }));
    const file = await readBackup(source);
    expect(file.problems).toEqual([]);
    expect(file.sizeBytes).toBeGreaterThan(TERABYTE);
    expect(source.reads).toBeLessThanOrEqual(16);
    expect(source.bytes).toBeLessThanOrEqual(512 * 1024);
  });

  it("a truncated terabyte takes few more", async () => {
    const whole = writtenSource("big.bak", { ...FULL, dataBytes: TERABYTE });
    const cut: RangeSource = { ...whole, sizeBytes: TERABYTE / 2 };
    const source = countingSource(cut);
    expect(codes(await readBackup(source))).toEqual(["BACKUP_TRUNCATED"]);
    expect(source.reads).toBeLessThanOrEqual(16);
    expect(source.bytes).toBeLessThanOrEqual(512 * 1024);
  });

  it("a compressed backup is read at both ends", async () => {
    const bytes = backupBytes({ ...FULL, compressed: true, dataBytes: 4 * 1024 * 1024 });
    const source = countingSource(bufferSource("c.bak", bytes));
    expect(codes(await readBackup(source))).toEqual([]);
    expect(source.reads).toBeLessThanOrEqual(16);
    expect(source.bytes).toBeLessThanOrEqual(512 * 1024);
  });

  it("a database of 1,000 files is read", async () => {
    const files = Array.from({ length: 1000 }, (_, index) => ({
      LogicalName: `file${index}`,
      PhysicalName: `D:\\data\\file${index}.ndf`,
      Type: "D" as const,
      Size: 8192,
    }));
    const file = await read(backupBytes({ ...FULL, files }));
    expect(file.problems).toEqual([]);
    expect(file.sets[0]?.files).toEqual(files);
  });
});

describe("a source that cannot be read", () => {
  it("throws to the caller and is not a problem of the file", async () => {
    const broken: RangeSource = {
      name: "x",
      sizeBytes: 100_000,
      read: () => Promise.reject(new Error("connection reset")),
    };
    await expect(readBackup(broken)).rejects.toThrow("connection reset");
    const sound = bufferSource("x", backupBytes(FULL));
    const fragile: RangeSource = {
      ...sound,
      read: (start, end) => (start === 0 ? sound.read(start, end) : Promise.reject(new Error("gone"))),
    };
    await expect(readBackup(fragile)).rejects.toThrow("gone");
  });
});

describe("hostile lengths", () => {
  it("a stream of 2^63 bytes, a block without an end and a description of 4 GB are damage", async () => {
    const original = Buffer.from(backupBytes(FULL));
    const mqci = original.indexOf("MQCI");
    for (const length of [2n ** 63n, 2n ** 53n + 2n, 4_000_000_000n]) {
      const bytes = Buffer.from(original);
      bytes.writeBigUInt64LE(length, mqci + 8);
      let xor = 0;
      for (let word = 0; word < 20; word += 2) xor ^= bytes.readUInt16LE(mqci + word);
      bytes.writeUInt16LE(xor, mqci + 20);
      const source = countingSource(bufferSource("x", bytes));
      const file = await readBackup(source);
      expect(file.problems).toHaveLength(1);
      expect(source.largestRead).toBeLessThanOrEqual(1024 * 1024);
    }
  });

  it("a terabyte of nothing but filemarks is given up on", async () => {
    const sound = Buffer.from(backupBytes(FULL));
    const at = sound.indexOf("SFMB");
    const mark = Buffer.from(sound.subarray(at, at + 512));
    const head = sound.subarray(0, at);
    const source = countingSource({
      name: "marks",
      sizeBytes: head.length + 512 * 2 ** 31,
      async read(start, end) {
        const bytes = Buffer.alloc(end - start);
        for (let offset = start; offset < end; offset += 1) {
          bytes[offset - start] = (offset < head.length ? head[offset] : mark[(offset - head.length) % 512]) ?? 0;
        }
        return bytes;
      },
    });
    const file = await readBackup(source);
    expect(file.problems).toHaveLength(1);
    expect(source.reads).toBeLessThanOrEqual(400);
  });
});
