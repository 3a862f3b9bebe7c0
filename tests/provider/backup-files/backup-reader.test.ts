import { appendFileSync, mkdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { BackupReader } from "../../../provider/backup-files/backup-reader";
import { isMigrationError } from "../../../provider/errors/migration-error";
import type { BackupLocation } from "../../../provider/model/location";
import { Fixture } from "../../../testing/fixture";

let fixture: Fixture;
let reader: BackupReader;
beforeEach(async () => {
  fixture = await Fixture.open();
  reader = new BackupReader();
});
afterEach(() => fixture.close());

const examine = (location: BackupLocation) =>
  reader.examine(location, () => fixture.process().session.clients.store({ region: fixture.emulator.region }));

const codeOf = (location: BackupLocation): Promise<string> =>
  examine(location).then(
    () => "examined",
    (error: unknown) => (isMigrationError(error) ? error.code : String(error)),
  );

describe("a local file", () => {
  test("is read once, also by concurrent calls", async () => {
    const location = { kind: "file" as const, path: await fixture.backup("erp.bak") };
    const [first, second] = await Promise.all([examine(location), examine(location)]);
    expect(second?.content).toBe(first?.content);
    expect((await examine(location)).content).toBe(first?.content);
    expect(first).toMatchObject({ name: location.path, fileName: "erp.bak" });
  });

  test("is read again when its size or its time changes", async () => {
    const location = { kind: "file" as const, path: await fixture.backup("erp.bak") };
    const first = await examine(location);
    utimesSync(location.path, new Date(), new Date(Date.now() + 5_000));
    const second = await examine(location);
    expect(second.content).not.toBe(first.content);
    expect(second.content).toEqual(first.content);
    appendFileSync(location.path, Buffer.alloc(512));
    expect((await examine(location)).sizeBytes).toBe(first.sizeBytes + 512);
  });

  test("that is deleted after it was read is missing", async () => {
    const location = { kind: "file" as const, path: await fixture.backup("erp.bak") };
    await examine(location);
    rmSync(location.path);
    expect(await codeOf(location)).toBe("BACKUP_MISSING");
    await fixture.backup("erp.bak");
    expect(await codeOf(location)).toBe("examined");
  });

  test("that is a folder is refused each time", async () => {
    const path = join(fixture.folder, "folder.bak");
    mkdirSync(path);
    expect(await codeOf({ kind: "file", path })).toBe("BACKUP_IS_FOLDER");
    expect(await codeOf({ kind: "file", path })).toBe("BACKUP_IS_FOLDER");
  });
});

describe("an object", () => {
  const put = async (spec = {}): Promise<BackupLocation> => {
    const { bucket, oss } = fixture.emulator;
    await oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak", spec));
    return { kind: "object", bucket, key: "erp.bak" };
  };

  test("is read once; later calls only check that it exists", async () => {
    const location = await put();
    const first = await examine(location);
    const mark = fixture.mark;
    const second = await examine(location);
    expect(fixture.since(mark)).toEqual(["oss:HeadObject"]);
    expect(second).toEqual(first);
    expect(second.object?.key).toBe("erp.bak");
  });

  test("that was replaced is read again", async () => {
    await examine(await put());
    const { content } = await examine(await put({ databaseName: "crm" }));
    expect(content.sets[0]?.DatabaseName).toBe("crm");
  });

  test("that did not exist at first is found later", async () => {
    const { bucket } = fixture.emulator;
    expect(await codeOf({ kind: "object", bucket, key: "erp.bak" })).toBe("OBJECT_MISSING");
    expect(await codeOf(await put())).toBe("examined");
  });
});
