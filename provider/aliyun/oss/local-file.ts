import { type BigIntStats, read } from "node:fs";
import { type FileHandle, stat } from "node:fs/promises";
import { isNativeError } from "node:util/types";
import { counted } from "../../errors/message-text";
import { isMigrationError, migrationError } from "../../errors/migration-error";
import { openRegularFile } from "../../files/regular-file";

/** Comparisons of the content of one file whose change time does not stay the same, before it counts as written to. */
const MAX_COMPARISONS = 5;

/**
 * A file that is uploaded as it was when it was opened. Its identity is size, modification time and inode;
 * `requireUnchanged` compares them with the file that the path names now.
 */
export class LocalFile {
  private constructor(
    readonly path: string,
    readonly sizeBytes: number,
    private readonly handle: FileHandle,
    private identity: BigIntStats,
  ) {}

  /** @throws `FILE_UNREADABLE`, `BACKUP_EMPTY` */
  static async open(path: string): Promise<LocalFile> {
    let handle: FileHandle | undefined;
    try {
      const opened = await openRegularFile(path);
      handle = opened.handle;
      const identity = opened.stats;
      if (identity.size === 0n) throw migrationError("BACKUP_EMPTY", { file: path });
      return new LocalFile(path, Number(identity.size), handle, identity);
    } catch (error) {
      await handle?.close();
      throw unreadable(path, error);
    }
  }

  /**
   * Fills `into` with the bytes from `start` on.
   * @throws `FILE_CHANGED` when the file ends earlier, `FILE_UNREADABLE` when the disk fails
   */
  async read(into: Uint8Array, start: number): Promise<void> {
    for (let done = 0; done < into.length; ) {
      let bytesRead: number;
      try {
        bytesRead = await this.readOnce(into, done, start + done);
      } catch (error) {
        throw unreadable(this.path, error);
      }
      if (bytesRead === 0) throw this.changed(`it ends at byte ${start + done}, it had ${this.sizeBytes}`);
      done += bytesRead;
    }
  }

  /**
   * Uses the callback API: the promises of `node:fs` allocate a dozen objects per read, and a terabyte takes a million
   * reads.
   */
  private readOnce(into: Uint8Array, at: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.handle.fd, into, at, into.length - at, position, (error, bytesRead) =>
        error === null ? resolve(bytesRead) : reject(error),
      );
    });
  }

  /**
   * Compares the file with what it was. The modification time can be set back after a write, the change time cannot; but
   * chmod and virus scanners change that one too. Where it alone differs, the content decides.
   * @param isContentSame reads the whole file again and compares it with what was read before
   * @throws `FILE_CHANGED` when the path names another file, or the file was written to
   */
  async requireUnchanged(isContentSame: () => Promise<boolean>): Promise<void> {
    for (let comparisons = 0; ; comparisons++) {
      const now = await this.requireSameIdentity();
      if (now.ctimeNs === this.identity.ctimeNs) return;
      if (comparisons === MAX_COMPARISONS) throw this.changed("its change time does not stay the same");
      if (!(await isContentSame())) throw this.changed("its content differs, although its size and times are the same");
      // What was written during the comparison has a later change time still.
      this.identity = now;
    }
  }

  private async requireSameIdentity(): Promise<BigIntStats> {
    const now = await stat(this.path, { bigint: true }).catch((error: unknown) => {
      throw this.changed("it no longer exists", error);
    });
    const then = this.identity;
    if (now.ino !== then.ino || now.dev !== then.dev) throw this.changed("another file replaced it");
    if (now.size !== then.size)
      throw this.changed(`it had ${counted(Number(then.size), "byte")}, now it has ${now.size}`);
    if (now.mtimeNs !== then.mtimeNs) throw this.changed("it was written to");
    return now;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private changed(change: string, cause?: unknown): Error {
    return migrationError("FILE_CHANGED", { file: this.path, change }, { cause });
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (isMigrationError(error)) return error;
  return migrationError("FILE_UNREADABLE", { file, fault: systemMessage(error) }, { cause: error });
}

/** `no such file or directory (ENOENT)` from `ENOENT: no such file or directory, open '/backups/erp.bak'`. */
function systemMessage(error: unknown): string {
  const text = isNativeError(error) ? error.message : String(error);
  return text.replace(/^([A-Z0-9]+): (.*?)(, \w+( '.*')?)?$/s, "$2 ($1)");
}
