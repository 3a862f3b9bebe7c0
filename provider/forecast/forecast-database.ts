import type { Timeline } from "../model/outputs";
import type { Fit } from "./stage-model";

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
  /** Only while this run uploads it. */
  sending?: Sending;
}

/** An upload that runs. */
export interface Sending {
  /** When this run began to send. */
  startMs: number;
  /** When it was observed last. */
  atMs: number;
  /** What it has sent in between. */
  bytes: number;
  /** What is still to be sent. */
  leftBytes: number;
}

/** What is the same for all databases of a simulated run, and not known exactly. */
export interface SharedRates {
  /** Bytes per second of each machine. */
  upload: number;
  restore: Fit;
  check: Fit;
  restoresAtOnce: number;
}
