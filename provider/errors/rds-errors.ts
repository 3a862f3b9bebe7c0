import { entry } from "./catalogue-entry";

/** Faults of the instance, the database and the migration task. */
export const rdsErrors = {
  TASK_AMBIGUOUS: entry<{ database: string; tasks: string[] }>({
    message: (e) =>
      `Several migration tasks may belong to the backup of ${e.database} (${e.tasks.join(", ")}) and the service does not say which object each one restores.`,
    remedy: "Look at them in the console and set `adopt` to the id of the right one.",
    retry: "never",
    source: "DescribeMigrateTasks names no object; DescribeOssDownloads is not supported on some editions",
  }),
};
