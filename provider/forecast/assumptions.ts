/**
 * What a forecast assumes where nothing was measured. No document has these values; each is replaced by what finished
 * migrations show. docs/how-to/planning.md lists them.
 */
export const ASSUMED = {
  /** A restore: bytes of restored files, and what every one takes. The warning about the maintenance window uses the rate too. */
  restore: { bytesPerSecond: 50e6, overheadSeconds: 60 },
  /** DBCC CHECKDB. */
  check: { bytesPerSecond: 100e6, overheadSeconds: 10 },
  /** A line of 100 Mbit/s. */
  uploadBytesPerSecond: 12.5e6,
  /** From CreateMigrateTask until the service works on the task, where no other task is in its way. */
  queueSeconds: 60,
  /** Migration tasks that one instance works on at the same time. Amazon RDS documents 2 for its native restore. */
  restoresAtOnce: { least: 1, likely: 2, most: 4 },
  /** Uploads that share a machine's network: Pulumi runs four operations for each processor, here of four processors. */
  uploadsAtOnce: 16,
} as const;

/**
 * Standard deviation of the logarithm of an assumed rate: eight of ten true rates are between half and twice the assumed one.
 */
export const ASSUMED_SPREAD = 0.55;

/** However much was measured, the hours to come differ from it by this much; the standard deviation of the logarithm of a rate. */
export const LEAST_UNCERTAINTY = 0.12;
