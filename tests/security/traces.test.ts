import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBackupLocation } from "../../provider/files/backup-location";

import { openSession } from "../../provider/session/session";
import { Fixture, until } from "../../testing/fixture";

jest.setTimeout(60_000);

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

/** Every path below a folder. */
const everythingIn = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

it("a migration writes no file: no checkpoint, no temporary file, nothing beside the backup", async () => {
  const home = mkdtempSync(join(tmpdir(), "traces-test-"));
  const { TMPDIR, HOME } = process.env;
  try {
    const backup = await fixture.backup("erp.bak");
    const before = everythingIn(fixture.folder);
    Object.assign(process.env, { TMPDIR: home, HOME: home });
    const recorded = await fixture.up({ backup });
    expect(recorded.outputs.status).toBe("online");
    await fixture.refresh(recorded);
    await fixture.destroy(recorded);
    expect(everythingIn(home)).toEqual([]);
    expect(everythingIn(fixture.folder)).toEqual(before);
  } finally {
    restore({ TMPDIR, HOME });
    rmSync(home, { recursive: true, force: true });
  }
});

function restore(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

it("no process has a key in its arguments; keys come from the configuration and the environment", async () => {
  const { session } = fixture.process();
  const keys = await session.clients.storeCredentials({}).get();
  expect(keys.accessKeySecret).toBe(fixture.emulator.accessKeySecret);
  expect(process.argv.join(" ")).not.toContain(keys.accessKeySecret);
  const blank = {
    config: () => undefined,
    env: (name: string) => (name === "ALIBABA_CLOUD_ECS_METADATA_DISABLED" ? "true" : undefined),
  };
  const none = openSession(blank, session.log, session.clock);
  await expect(none.clients.storeCredentials({ region: "cn-hangzhou" }).get()).rejects.toMatchObject({
    code: "NO_CREDENTIALS",
  });
});

describe("a folder or a key", () => {
  it.each(["../up", "a/../../b", "./here", "a/./b", "/..", "a//b", "a\u0000b", "a\nb", "%2e%2e|x", "wöche"])(
    "%j is refused before anything is sent",
    async (folder) => {
      const { failures } = await fixture.preview({ backup: await fixture.backup("erp.bak"), folder });
      expect(failures).toEqual([expect.stringMatching(/^KEY_NOT_ALLOWED: /)]);
      expect(fixture.since(0).filter((action) => /Put|Upload|Create/.test(action))).toEqual([]);
    },
  );

  it.each(["oss://b/../k.bak", "oss://b/a/./k.bak", "oss://b//k.bak", "oss://b/"])("%j is not an object", (backup) => {
    expect(() => parseBackupLocation(backup, "b")).toThrow(expect.objectContaining({ code: "KEY_NOT_ALLOWED" }));
  });
});

describe("a symbolic link", () => {
  it("to a backup is read as that backup, with the key from its header", async () => {
    const backup = await fixture.backup("erp.bak");
    const link = join(fixture.folder, "link.bak");
    symlinkSync(backup, link);
    const { outputs } = await fixture.up({ backup: link });
    expect(outputs).toMatchObject({ status: "online", objectKey: "erp_FULL_20240501020000.bak" });
  });

  it("to a folder, to a missing file or to itself is refused with a clear message", async () => {
    const at = (name: string, target: string): string => {
      symlinkSync(target, join(fixture.folder, name));
      return join(fixture.folder, name);
    };
    mkdirSync(join(fixture.folder, "inner"));
    const targets = { folder: join(fixture.folder, "inner"), nothing: join(fixture.folder, "gone"), self: "self.bak" };
    for (const [name, target] of Object.entries(targets)) {
      const { failures } = await fixture.preview({ backup: at(`${name}.bak`, target), databaseName: "erp" });
      expect(failures).toEqual([expect.stringMatching(/^(BACKUP_MISSING|BACKUP_IS_FOLDER|BACKUP_UNREADABLE)\b/)]);
    }
  });

  it("whose target changes during the upload creates no object", async () => {
    const content = { dataBytes: 1_000_000, seed: "one" };
    const one = await fixture.backup("one.bak", content);
    const other = await fixture.backup("other.bak", { ...content, seed: "other" });
    const link = join(fixture.folder, "link.bak");
    symlinkSync(one, link);
    fixture.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 300, at: "after" } });
    const running = fixture.up({ backup: link });
    await until(() => fixture.requests("UploadPart").length > 0);
    rmSync(link);
    symlinkSync(other, link);
    const { failed, outputs } = await running;
    expect(failed?.reasons[0]).toMatch(/^FILE_CHANGED: .*another file replaced it/s);
    expect(outputs.status).not.toBe("online");
    expect(fixture.requests("CompleteMultipartUpload")).toEqual([]);
    expect(realpathSync(link)).toBe(realpathSync(other));
  });
});
