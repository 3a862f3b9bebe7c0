/** One database of a simulated run. Times are seconds from the beginning. */
export interface SimulatedJob {
  /** What is still to be sent; 0: the backup is in the bucket. */
  uploadBytes: number;
  /** Position of the machine that sends it. */
  runner: number;
  queueSeconds: number;
  restoreSeconds: number;
  checkSeconds: number;
  /** The restore runs already: it holds a place from the beginning. */
  isRestoring?: boolean;
  /** The task is not submitted before. @default 0 */
  notBefore?: number;
}

export interface SimulatedRun {
  /** The bytes per second of each machine. */
  runners: readonly number[];
  uploadsAtOnce: number;
  restoresAtOnce: number;
  /** The tasks that the instance accepts within 24 hours, and when it accepted the last ones, ascending; before the beginning: negative. */
  quota?: { perDay: number; usedAt: readonly number[] };
}

/** When the stages of a job end. */
export interface SimulatedTimes {
  uploaded: number;
  submitted: number;
  restoreStarted: number;
  ended: number;
  checked: number;
}
