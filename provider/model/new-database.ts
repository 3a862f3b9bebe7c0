/** A database that this run adds to an instance, with what it takes there. */
export interface NewDatabase {
  database: string;
  /** Data files at the size at which they are restored. */
  dataBytes: number;
  /** Log files, which RESTORE creates at full size too. */
  logBytes: number;
  backupBytes: number;
}
