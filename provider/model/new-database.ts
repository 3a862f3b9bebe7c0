/** A database that this run adds to an instance, with its space in bytes. */
export interface NewDatabase {
  database: string;
  /** Size of the restored data files. */
  dataBytes: number;
  /** Size of the log files, which RESTORE also creates at full size. */
  logBytes: number;
  backupBytes: number;
  /** The backup is an object already. */
  isInBucket?: true;
  /** Its wave has not begun, so it takes nothing of today's quota. @default false */
  isPlanned?: boolean;
}
