import { stat } from "node:fs/promises";
import type { ObjectFacts, ObjectStore } from "../aliyun/object-store";
import { type BackupLocation, formatLocation } from "../model/location";
import { type ExaminedBackup, fetchBackupObject, fileFault, readBackupFile, readBackupObject } from "./examine-backup";

interface HeldBackup {
  /** Size, time and identity of the file or object that was read. */
  version: string;
  backup: Promise<ExaminedBackup>;
}

/**
 * Examines backups and reads the header of each only once per run. A file or object that changed in between, by its size or
 * its modification time, is read again. A failed read is not kept. Create one reader per provider process: it has no limit,
 * and it holds a few kilobytes per backup.
 */
export class BackupReader {
  private readonly held = new Map<string, HeldBackup>();

  /**
   * The backup at a location. Each call checks that it still exists: one `stat` of a file, one HeadObject of an object.
   * Concurrent calls for one location share the read.
   * @throws BACKUP_MISSING, BACKUP_IS_FOLDER, BACKUP_UNREADABLE, OBJECT_MISSING, OBJECT_NOT_STANDARD, and what the store throws
   */
  async examine(location: BackupLocation, store: () => ObjectStore): Promise<ExaminedBackup> {
    if (location.kind === "file") {
      const { path } = location;
      return this.readOnce(formatLocation(location), await fileVersion(path), () => readBackupFile(path));
    }
    const object = await fetchBackupObject(location, store());
    const read = () => readBackupObject(object, store());
    return { ...(await this.readOnce(formatLocation(location), objectVersion(object), read)), object };
  }

  /**
   * The backup of a folder's listing, whose size and time the caller has just read: no further request. The same size and
   * time are the same backup.
   */
  examineListed(
    location: BackupLocation,
    { sizeBytes, modifiedAt }: { sizeBytes: number; modifiedAt: string },
    store: () => ObjectStore,
  ): Promise<ExaminedBackup> {
    const key = `listed ${formatLocation(location)}`;
    return this.readOnce(key, `${sizeBytes}/${modifiedAt}`, () => this.examine(location, store));
  }

  private readOnce(key: string, version: string, read: () => Promise<ExaminedBackup>): Promise<ExaminedBackup> {
    const last = this.held.get(key);
    if (last?.version === version) return last.backup;
    const held = { version, backup: read() };
    this.held.set(key, held);
    held.backup.catch(() => {
      if (this.held.get(key) === held) this.held.delete(key);
    });
    return held.backup;
  }
}

async function fileVersion(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, dev, ino } = await stat(path, { bigint: true }).catch((cause) => {
    throw fileFault(path, cause);
  });
  return [size, mtimeNs, ctimeNs, dev, ino].join("/");
}

const objectVersion = ({ sizeBytes, lastModifiedMs, etag }: ObjectFacts): string =>
  [sizeBytes, lastModifiedMs, etag].join("/");
