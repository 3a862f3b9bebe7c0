/** What a runbook is made for. What is not given is a word in capitals that people replace by hand. */
export interface RunbookSettings {
  /** When writes stop. */
  startMs: number;
  timeZone: string;
  sourceServer?: string;
  /** Where the source server writes its backups, as the server sees it. */
  folder?: string;
  /** Login of the destination's privileged account. */
  login?: string;
  /** SQL Server Agent jobs of the source that take log backups. */
  logJobs?: readonly string[];
  /** The key of the stack's configuration that has the phase. */
  phaseSetting: string;
  manifestFile?: string;
  /** The words of the command that makes the runbook again. */
  repeat: readonly string[];
}

export const PLACEHOLDERS = {
  sourceServer: "SOURCE_SERVER",
  folder: "BACKUP_FOLDER",
  login: "ADMIN_LOGIN",
  logJob: "LOG_BACKUP_JOB",
  instance: "INSTANCE",
} as const;
