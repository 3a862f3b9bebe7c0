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

/** A zip archive, stored: its local entries, then its index. */
function zip(...names: string[]): Uint8Array {
  const entry = (magic: string, at: number, name: string): Buffer => {
    const header = Buffer.alloc(at);
    header.write(magic, "latin1");
    return Buffer.concat([header, Buffer.from(name)]);
  };
  const data = Buffer.alloc(70_000, 0x41);
  const local = names.flatMap((name) => [entry("PK\x03\x04", 30, name), data]);
  return Buffer.concat([...local, ...names.map((name) => entry("PK\x01\x02", 46, name)), entry("PK\x05\x06", 22, "")]);
}

/** The media label of another program. */
function tapeOf(vendor: number, name: string): Uint8Array {
  const bytes = Buffer.from(backupBytes(FULL));
  const at = bytes.indexOf(Buffer.from("Microsoft SQL Server", "utf16le"));
  bytes.fill(0, at, at + 40);
  bytes.write(name.padEnd(20, "\0"), at, "utf16le");
  bytes.writeUInt16LE(vendor, 0x56);
  return bytes;
}

const utf16 = (content: string): Uint8Array => Buffer.from(`\ufeff${content}`, "utf16le");
const utf16be = (content: string): Uint8Array => Buffer.from(utf16(content)).swap16();

describe("what is it then", () => {
  it.each([
    ["XML with a byte order mark", text("\ufeff<?xml version='1.0'?><a/>"), /an XML document/, /error page/],
    ["XML in UTF-16", utf16("<?xml version='1.0' encoding='utf-16'?>"), /an XML document/, /error page/],
    ["XML in big-endian UTF-16", utf16be("<?xml version='1.0'?>"), /an XML document/, /error page/],
    ["an error of OSS", text("<Error><Code>NoSuchKey</Code></Error>"), /an XML document/, /error page/],
    ["HTML in lower case", text("<html><head></head></html>"), /an HTML page/, /Download the backup again/],
    ["HTML with a byte order mark", text("\ufeff<!doctype HTML>"), /an HTML page/, /Download the backup again/],
    ["HTML behind blank lines", text("\r\n\r\n \t<!DOCTYPE html>"), /an HTML page/, /Download the backup again/],
    ["an erased disk", new Uint8Array(100_000).fill(0xff), /a file of bytes 0xFF/, /copy the file/],
    [
      "zeros before data",
      Buffer.concat([Buffer.alloc(4096), gzipSync("x")]),
      /begins with 4096 zeros/,
      /beginning was lost/,
    ],
    [
      "zeros before a backup",
      Buffer.concat([Buffer.alloc(4096), backupBytes(FULL)]),
      /begins with 4096 zeros/,
      /beginning was lost/,
    ],
    [
      "many zeros before data",
      Buffer.concat([Buffer.alloc(200_000), text("x")]),
      /begins with at least 65536 zeros/,
      /beginning was lost/,
    ],
    ["zeros only", new Uint8Array(200_000), /a file of zeros/, /copy the file/],
    ["a MySQL dump", text("-- MySQL dump 10.13  Distrib 8.0.36\n--\n"), /a MySQL dump/, /its own program/],
    [
      "a MariaDB dump",
      text("/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n"),
      /a MySQL dump/,
      /its own program/,
    ],
    ["a plain PostgreSQL dump", text("--\n-- PostgreSQL database dump\n--\n"), /a PostgreSQL dump/, /its own program/],
    ["a script of Management Studio", utf16("USE [master]\r\nGO\r\n"), /a Transact-SQL script/, /take a backup/],
    [
      "a text in a code page",
      Buffer.from("Datei f\u00fcr \u00c4rger\n", "latin1"),
      /a text file/,
      /Name the backup itself/,
    ],
    ["a Chinese text", text("\u6570\u636e\u5e93\u5907\u4efd\n"), /a text file/, /Name the backup itself/],
    ["a .bacpac", zip("model.xml", "Data/dbo.T/TableData-000-00000.BCP", "Origin.xml"), /a \.bacpac/, /SqlPackage/],
    ["a .dacpac", zip("model.xml", "DacMetadata.xml", "Origin.xml"), /a \.bacpac or \.dacpac/, /SqlPackage/],
    ["a zip archive of a backup", zip("erp.bak"), /a zip archive/, /Unpack it/],
    [
      "an Access 2003 database",
      text("\0\x01\0\0Standard Jet DB\0"),
      /a Microsoft Access database/,
      /Migration Assistant/,
    ],
    [
      "an Access 2007 database",
      text("\0\x01\0\0Standard ACE DB\0"),
      /a Microsoft Access database/,
      /Migration Assistant/,
    ],
    [
      "an AutoCAD drawing",
      text("AC1032\0\0\0\0\0"),
      /an AutoCAD drawing \(DWG\)/,
      /names the backups of its drawings \.bak/,
    ],
  ])("%s", async (_what, bytes, what, remedy) => {
    const { container, problems } = await read(bytes);
    expect(container).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(["BACKUP_FOREIGN"]);
    expect(problems[0]?.message).toMatch(what);
    expect(problems[0]?.message).toMatch(remedy);
  });

  it("a tape of another program, named by the media label", async () => {
    const named = checksummed(tapeOf(0x0cbd, "Backup Exec"));
    expect((await read(named)).problems).toEqual([
      {
        code: "BACKUP_FOREIGN",
        message: expect.stringMatching(/\(Microsoft Tape Format\) of Backup Exec\.\nRestore it with that program/),
      },
    ]);
    const nameless = checksummed(tapeOf(0x0cbd, ""));
    expect((await read(nameless)).problems[0]?.message).toMatch(/of a program with the vendor id 3261\./);
  });

  it("a tape with SQL Server's name or its vendor id is SQL Server's", async () => {
    expect((await read(checksummed(tapeOf(0x1200, "")))).problems).toEqual([]);
    expect((await read(checksummed(tapeOf(1, "Microsoft SQL Server")))).problems).toEqual([]);
  });
});

/** The same bytes with a matching checksum of the first block. */
function checksummed(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes);
  let xor = 0;
  for (let at = 0; at < 50; at += 2) xor ^= buffer.readUInt16LE(at);
  buffer.writeUInt16LE(xor, 50);
  return buffer;
}

describe("bytes behind a sound backup", () => {
  const sound = backupBytes(FULL);
  const compressed = backupBytes({ ...FULL, compressed: true });

  it.each([
    ["one byte", sound, Buffer.from("\n")],
    ["a few bytes", sound, Buffer.from("0123456789abcdefg")],
    ["a sector of zeros", sound, Buffer.alloc(512)],
    ["ten kilobytes", sound, Buffer.alloc(10_000, 0x61)],
    ["a few bytes, compressed", compressed, Buffer.from("0123456789abcdefg")],
    ["a sector of zeros, compressed", compressed, Buffer.alloc(512)],
  ])("%s: named with the backup's end, and its values are read", async (_what, backup, extra) => {
    for (const deep of [false, true]) {
      const file = await read(Buffer.concat([backup, extra]), deep);
      expect(codes(file)).toEqual(["BACKUP_TRAILING_BYTES"]);
      expect(file.problems[0]?.message).toContain(`has ${extra.length} byte${extra.length === 1 ? "" : "s"} more`);
      expect(file.problems[0]?.message).toContain(`truncate -s ${backup.length} COPY`);
      expect(file.sets).toEqual((await read(backup)).sets);
      expect(file.sizeBytes).toBe(backup.length + extra.length);
    }
  });

  it("that begin another backup set are a cut-off set", async () => {
    const set = Buffer.from(sound).indexOf("SSET");
    for (const length of [3, 40, 400]) {
      const cut = Buffer.concat([sound, sound.subarray(set, set + length)]);
      expect(codes(await read(cut))).not.toContain("BACKUP_TRAILING_BYTES");
    }
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
    expect(deep.problems[0]?.message).toContain("1 damaged page");
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
