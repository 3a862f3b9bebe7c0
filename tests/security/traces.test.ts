import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBackupLocation } from "../../provider/model/backup-location";
import { openSession } from "../../provider/session/session";
import { Scene, until } from "../../testing/scene";

jest.setTimeout(60_000);

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

/** Every path below a folder. */
const everythingIn = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

it("a migration writes nothing to the disk: no checkpoint, no temporary file, nothing beside the backup", async () => {
  const home = mkdtempSync(join(tmpdir(), "traces-test-"));
  const { TMPDIR, HOME } = process.env;
  try {
    const backup = await scene.backup("erp.bak");
    const before = everythingIn(scene.folder);
    Object.assign(process.env, { TMPDIR: home, HOME: home });
    const recorded = await scene.up({ backup });
    expect(recorded.outputs.status).toBe("online");
    await scene.refresh(recorded);
    await scene.destroy(recorded);
    expect(everythingIn(home)).toEqual([]);
    expect(everythingIn(scene.folder)).toEqual(before);
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

it("keys are in no argument of any process: they come from the configuration and the environment", async () => {
  const { session } = scene.process();
  const keys = await session.storeCredentials({}).get();
  expect(keys.accessKeySecret).toBe(scene.emulator.accessKeySecret);
  expect(process.argv.join(" ")).not.toContain(keys.accessKeySecret);
  const blank = { config: () => undefined, env: () => undefined };
  const none = openSession(blank, session.engine, session.clock);
  await expect(none.storeCredentials({ region: "cn-hangzhou" }).get()).rejects.toMatchObject({
    code: "NO_CREDENTIALS",
  });
});

describe("a folder or a key", () => {
  it.each(["../up", "a/../../b", "./here", "a/./b", "/..", "a//b", "a\u0000b", "a\nb", "%2e%2e|x", "wöche"])(
    "%j is refused before anything is sent",
    async (folder) => {
      const { failures } = await scene.preview({ backup: await scene.backup("erp.bak"), folder });
      expect(failures).toEqual([expect.stringMatching(/^KEY_NOT_ALLOWED: /)]);
      expect(scene.since(0).filter((action) => /Put|Upload|Create/.test(action))).toEqual([]);
    },
  );

  it.each(["oss://b/../k.bak", "oss://b/a/./k.bak", "oss://b//k.bak", "oss://b/"])("%j is no object", (backup) => {
    expect(() => parseBackupLocation(backup, "b")).toThrow(expect.objectContaining({ code: "KEY_NOT_ALLOWED" }));
  });
});

describe("a symbolic link", () => {
  it("to a backup is that backup, under the key that its header gives", async () => {
    const backup = await scene.backup("erp.bak");
    const link = join(scene.folder, "link.bak");
    symlinkSync(backup, link);
    const { outputs } = await scene.up({ backup: link });
    expect(outputs).toMatchObject({ status: "online", objectKey: "erp_FULL_20240501020000.bak" });
  });

  it("to a folder, to nothing or to itself is refused in clear words", async () => {
    const at = (name: string, target: string): string => {
      symlinkSync(target, join(scene.folder, name));
      return join(scene.folder, name);
    };
    mkdirSync(join(scene.folder, "inner"));
    const targets = { folder: join(scene.folder, "inner"), nothing: join(scene.folder, "gone"), self: "self.bak" };
    for (const [name, target] of Object.entries(targets)) {
      const { failures } = await scene.preview({ backup: at(`${name}.bak`, target), databaseName: "erp" });
      expect(failures).toEqual([expect.stringMatching(/^(BACKUP_MISSING|BACKUP_IS_FOLDER|BACKUP_UNREADABLE)\b/)]);
    }
  });

  it("that leads to another file by the end of the upload makes no object", async () => {
    const content = { dataBytes: 1_000_000, seed: "one" };
    const one = await scene.backup("one.bak", content);
    const other = await scene.backup("other.bak", { ...content, seed: "other" });
    const link = join(scene.folder, "link.bak");
    symlinkSync(one, link);
    scene.emulator.faults.add({ match: { action: "UploadPart" }, effect: { kind: "delay", ms: 300, at: "after" } });
    const running = scene.up({ backup: link });
    await until(() => scene.requests("UploadPart").length > 0);
    rmSync(link);
    symlinkSync(other, link);
    const { failed, outputs } = await running;
    expect(failed?.reasons[0]).toMatch(/^FILE_CHANGED: .*another file stands in its place/);
    expect(outputs.status).not.toBe("online");
    expect(scene.requests("CompleteMultipartUpload")).toEqual([]);
    expect(realpathSync(link)).toBe(realpathSync(other));
  });
});
