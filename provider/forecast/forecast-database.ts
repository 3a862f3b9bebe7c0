import type { Timeline } from "../model/outputs";

/** A database whose migration is forecast. */
export interface ForecastDatabase {
  database: string;
  /** Size of the backup file. */
  backupBytes: number;
  /** Size of the restored files. */
  restoredBytes: number;
  /** The backup is not in the bucket yet. */
  mustUpload: boolean;
  /** What has been observed of it, for a forecast during a run. */
  timeline?: Timeline;
}

/** What is the same for all databases of a simulated run, and not known exactly. */
export interface SharedFactors {
  upload: number;
  restore: number;
  check: number;
  restoresAtOnce: number;
}
