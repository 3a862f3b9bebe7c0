import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Document } from "./world";

/**
 * Where one emulator keeps everything. A document is written beside its old version and renamed over it, a log line is
 * appended in one write: after a `kill -9` each is there whole or not at all. Nothing is synced, so a crash of the whole
 * machine may lose the last moments.
 */
export class StateFolder {
  private constructor(
    readonly path: string,
    private readonly ephemeral: boolean,
  ) {}

  /** Without a path: a temporary folder that `dispose` removes. */
  static open(folder: string | undefined): StateFolder {
    if (folder === undefined) return new StateFolder(fs.mkdtempSync(path.join(os.tmpdir(), "emulator-")), true);
    fs.mkdirSync(folder, { recursive: true });
    return new StateFolder(path.resolve(folder), false);
  }

  /** A subfolder, created when absent. */
  subfolder(...names: string[]): string {
    const folder = path.join(this.path, ...names);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  document<T extends object>(name: string, initial: () => T): Document<T> {
    const file = path.join(this.subfolder("documents"), `${name}.json`);
    const stored = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
    // A document is only ever read back by the version of the emulator that wrote it.
    const value = stored === undefined ? initial() : (JSON.parse(stored) as T);
    return {
      value,
      save: async () => {
        if (this.ephemeral) return;
        fs.writeFileSync(`${file}.new`, JSON.stringify(value));
        fs.renameSync(`${file}.new`, file);
      },
    };
  }

  dispose(): void {
    if (this.ephemeral) fs.rmSync(this.path, { recursive: true, force: true });
  }
}
