import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Document } from "./world";

/**
 * The folder with the state of one emulator. A document is written to a new file and renamed over the old one; a log
 * line is appended in one write. After a `kill -9`, each is therefore complete or absent. Files are not synced, so a
 * crash of the machine may lose the latest changes.
 */
export class StateFolder {
  /** The documents that did not exist, in the order of their creation. */
  private readonly created: Document<object>[] = [];

  private constructor(
    readonly path: string,
    private readonly ephemeral: boolean,
  ) {}

  /** Opens a folder, or without a path creates a temporary folder that `dispose` removes. */
  static open(folder: string | undefined): StateFolder {
    if (folder === undefined) return new StateFolder(fs.mkdtempSync(path.join(os.tmpdir(), "emulator-")), true);
    fs.mkdirSync(folder, { recursive: true });
    return new StateFolder(path.resolve(folder), false);
  }

  /** Returns a subfolder and creates it when absent. */
  subfolder(...names: string[]): string {
    const folder = path.join(this.path, ...names);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }

  document<T extends object>(name: string, initial: () => T): Document<T> {
    const file = path.join(this.subfolder("documents"), `${name}.json`);
    const stored = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
    // The cast is safe because only the version of the emulator that wrote a document reads it.
    const value = stored === undefined ? initial() : (JSON.parse(stored) as T);
    const document: Document<T> = {
      value,
      save: async () => {
        if (this.ephemeral) return;
        fs.writeFileSync(`${file}.new`, JSON.stringify(value));
        fs.renameSync(`${file}.new`, file);
      },
    };
    if (stored === undefined) this.created.push(document);
    return document;
  }

  /** Saves the documents that this start created. The first one comes last: it marks the first start as complete. */
  async saveCreated(): Promise<void> {
    for (const document of this.created.splice(0).reverse()) await document.save();
  }

  dispose(): void {
    if (this.ephemeral) fs.rmSync(this.path, { recursive: true, force: true });
  }
}
