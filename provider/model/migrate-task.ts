/** The task statuses that the service documents. @see DescribeMigrateTasks, Status */
export const TASK_STATUSES = ["NoStart", "Running", "Waiting", "Success", "Failed"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export const isTaskStatus = (text: string): text is TaskStatus => TASK_STATUSES.some((known) => known === text);

/** One migration task, as DescribeMigrateTasks or DescribeMigrateTaskById returns it. */
export interface MigrateTask {
  taskId: string;
  databaseName: string;
  /** The service's value, unchanged. An undocumented status counts as neither final nor successful. */
  status: string;
  description: string;
  /** `FULL`: the database is opened at once; `UPDF`: it waits for increments. Absent where the service does not return it. */
  backupMode?: string;
  createdAtMs: number;
  finishedAtMs?: number;
}

/** One file of a task, as DescribeOssDownloads shows it. */
export interface TaskFile {
  fileName: string;
  /** DescribeOssDownloads' word as it is. */
  status: string;
  description: string;
  /** NaN where the service does not return it. */
  createdAtMs: number;
  /** It is a full backup; absent where the service does not tell. */
  isFull?: boolean;
  /** Rounded to MiB by the service; absent where it does not return it. */
  sizeBytes?: number;
}
