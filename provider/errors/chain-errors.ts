import { entry } from "./catalogue-entry";
import { counted, countedOf, listed, OR_DROP } from "./message-text";
import { type MissingPath, missingRemedy, missingSummary } from "./missing-path";
import { PAGES } from "./vendor-pages";

const RESTORE = "RESTORE (Transact-SQL), restore sequence";
const INCREMENTAL_PAGE = "ApsaraDB RDS for SQL Server, Migrate incremental backup data";
const OPEN_PAGE = { source: "CreateOnlineDatabaseTask", link: PAGES.createOnlineDatabaseTask };

/** An LSN as RESTORE HEADERONLY prints it. */
type Lsn = string;

/** Faults of increments and of the cutover. */
export const chainErrors = {
  INCREMENT_IS_FULL: entry<{ file: string }>({
    summary: (e) => `[increments] ${e.file} is a full backup.`,
    remedy: "Give the full backup as [backup], and only the differential and log backups that follow it as increments.",
    retry: "never",
    source: INCREMENTAL_PAGE,
  }),
  INCREMENT_OTHER_DATABASE: entry<{ file: string; found: string; server: string; database: string }>({
    summary: (e) => `[increments] ${e.file} is of another database.`,
    details: (e) => [`It is a backup of ${e.found} on ${e.server}, not of the database ${e.database} in [backup].`],
    remedy: "Remove it from the list. In a folder or prefix, backups of other databases are ignored.",
    retry: "never",
    source: "FamilyGUID and RecoveryForkID of RESTORE HEADERONLY",
  }),
  INCREMENT_OTHER_BASE: entry<{ file: string; base: string }>({
    summary: (e) => `[increments] ${e.file} has another base than [backup].`,
    details: (e) => [`It is a differential backup of another full backup (${e.base}).`],
    remedy: "Give a differential of the full backup in [backup], or the logs that follow it.",
    retry: "never",
    source: RESTORE,
  }),
  INCREMENT_UNFIT: entry<{ file: string; fault: string }>({
    summary: (e) => `[increments] ${e.file} cannot be applied.`,
    details: (e) => [`Reason: ${e.fault}.`],
    remedy: "Supply a sound differential or log backup in a single file instead.",
    retry: "never",
    source: INCREMENTAL_PAGE,
  }),
  INCREMENT_MISSING: entry<MissingPath>({
    summary: (e) => missingSummary(`[increments] ${e.file}`, e),
    remedy: (e) => missingRemedy(e),
    retry: "never",
    source: "this project",
  }),
  /** `path`: the entry, or the subfolder that failed. */
  INCREMENTS_UNREADABLE: entry<{ path: string; reason: string; remedy: string }>({
    summary: (e) => `[increments] ${e.path} cannot be read.`,
    details: (e) => [`Reason: ${e.reason}.`],
    remedy: (e) => `${e.remedy} Or list the files one by one.`,
    retry: "afterFix",
    source: "the operating system's error code",
  }),
  INCREMENT_NAMES_COLLIDE: entry<{ file: string; other: string }>({
    summary: (e) => `[increments] the name of ${e.file} is used twice.`,
    details: (e) => [`${e.other} has the same name, and RDS lists a task's files by name.`],
    remedy: "Rename one of the objects.",
    retry: "never",
    source: "DescribeOssDownloads, FileName",
  }),
  CHAIN_FORK: entry<{ database: string; file: string; fork: string; wanted: string; lsn: Lsn }>({
    summary: (e) => `[increments] ${e.file} is on another recovery fork.`,
    details: (e) => [
      `The file is on fork ${e.fork}. ${e.database} is on fork ${e.wanted} and has reached LSN ${e.lsn}.`,
      "The source was restored to a point in time in between.",
    ],
    remedy: "Take a new full backup of the source and migrate from that.",
    retry: "never",
    source: RESTORE,
  }),
  CHAIN_START_UNKNOWN: entry<{ database: string; file: string }>({
    summary: (e) => `the header of ${e.file} holds no LSNs.`,
    details: (e) => [`Without them, no increments of ${e.database} can be planned.`],
    remedy: "Give a sound copy of the full backup, or omit `increments` and `phase` to migrate it alone.",
    retry: "never",
    source: RESTORE,
  }),
  CHAIN_NOT_ON_2008R2: entry<{ instance: string }>({
    summary: (e) => `[phase] ${e.instance} opens every database at once.`,
    details: () => ["It is SQL Server 2008 R2 with local disks, which accepts no increments."],
    remedy: "Omit `increments` and `phase`, and migrate a full backup that was taken after the last write.",
    retry: "never",
    source: "CreateMigrateTask, IsOnlineDB",
    link: PAGES.createMigrateTask,
  }),
  CHAIN_TASK_OPENS: entry<{ database: string; task: string }>({
    summary: (e) => `the task of ${e.database} accepts no increments.`,
    details: (e) => [`Migration task ${e.task} opens the database after the full backup (BackupMode FULL).`],
    remedy: `Omit \`increments\` and \`phase\` to record its outcome. To restore a second copy with increments beside it, choose another databaseName; to use the name again, rename the database on RDS and run pulumi up --replace. ${OR_DROP}`,
    retry: "never",
    source: "CreateMigrateTask, BackupMode and IsOnlineDB",
    link: PAGES.createMigrateTask,
  }),
  PHASE_ONE_WAY: entry<{ database: string }>({
    summary: (e) => `[phase] ${e.database} cannot return to restoring.`,
    details: () => ["It was declared online before, and an open database accepts no increments."],
    remedy: `Write \`phase: "online"\`. To migrate again with increments, declare another resource with another databaseName, or rename the database on RDS first. ${OR_DROP}`,
    retry: "never",
    source: RESTORE,
  }),
  INCREMENT_FAILED: entry<{ file: string; database: string; task: string; description: string; supply: string }>({
    summary: (e) => `applying ${e.file} to ${e.database} failed.`,
    details: (e) => [`Migration task ${e.task}: "${e.description}"`, "The database is still restoring."],
    remedy: (e) => `${e.supply} Then run pulumi up again: it continues after the last applied file.`,
    retry: "never",
    quota: "one",
    source: `${INCREMENTAL_PAGE}: common errors`,
  }),
  CHAIN_TASK_ENDED: entry<{ database: string; task: string; file: string; said: string }>({
    summary: (e) => `the task of ${e.database} failed and accepts no more files.`,
    details: (e) => [`Migration task ${e.task} did not accept ${e.file}: ${e.said}.`],
    remedy:
      "Choose another databaseName: the full backup and all increments are restored beside this database, without another upload. Or drop this one on RDS and run pulumi up --replace: only what was restored is lost, and is restored again.",
    retry: "never",
    source: "what a failed increment does to its task is not documented",
  }),
  INCREMENT_UNSETTLED: entry<{ file: string; database: string; task: string; said: string }>({
    summary: (e) => `it is unknown whether ${e.file} was applied.`,
    details: (e) => [
      `Migration task ${e.task} of ${e.database}: ${e.said}`,
      "The file is not sent again, because a file that is applied twice can end the task.",
    ],
    remedy: (e) =>
      `Check the task's files in the console (Backup and Restoration, View File Details). Set \`adopt: "${e.task}/<name of the last applied file>"\`, and remove it again after the run has passed.`,
    retry: "never",
    quota: "perhaps",
    source: "DescribeMigrateTasks lists full backups only; DescribeOssDownloads is not supported on some editions",
  }),
  INCREMENT_UNKNOWN: entry<{ file: string; database: string; task: string }>({
    summary: (e) => `the task of ${e.database} holds an unknown file.`,
    details: (e) => [
      `Migration task ${e.task} holds ${e.file}, which is neither an increment of the program nor in the bucket's folder.`,
      "Therefore it is unknown how far the database is restored.",
    ],
    remedy: "Add that file to [increments].",
    retry: "never",
    source: "DescribeOssDownloads",
  }),
  ADOPT_UNKNOWN_FILE: entry<{ file: string; database: string }>({
    summary: (e) => `[adopt] ${e.file} is not a file of the chain.`,
    details: (e) => [`The chain of ${e.database} holds no file of that name.`],
    remedy: "Give the name of the file as the console shows it, and keep that file among the increments.",
    retry: "never",
    source: "this project",
  }),
  ADOPT_OTHER_BACKUP: entry<{ task: string; database: string; file: string; backup: string }>({
    summary: (e) => `[adopt] task ${e.task} restored another full backup.`,
    details: (e) => [`It restored ${e.database} from ${e.file}, not from ${e.backup}.`],
    remedy: "Give the full backup that the task restored as [backup], and the increments that follow it.",
    retry: "never",
    source: RESTORE,
  }),
  CUTOVER_NOT_READY: entry<{ database: string; reasons: string[] }>({
    summary: (e) => `${e.database} is not ready and was not opened.`,
    details: (e) => listed("Reasons:", e.reasons),
    remedy:
      'Supply what is missing, or keep `phase: "restoring"`. Only if no write can be lost: `cutover: { final: "<file>" }` declares a file the last one, and `cutover: { requireTailLog: false }` requires none.',
    retry: "never",
    ...OPEN_PAGE,
  }),
  CUTOVER_UNSETTLED: entry<{ database: string; task: string; said: string }>({
    summary: (e) => `it is unknown whether ${e.database} was opened.`,
    details: (e) => [`CreateOnlineDatabaseTask for task ${e.task} got no usable answer: ${e.said}`],
    remedy: "Run pulumi up again. The call carries the same client token, so it takes effect at most once.",
    retry: "passes",
    ...OPEN_PAGE,
  }),
  GROUP_NOT_READY: entry<{ members: { database: string; reasons: string[] }[]; of: number; open: string[] }>({
    summary: (e) =>
      `${countedOf(e.members.length, e.of, "database", ["is", "are"])} not ready, so none ${e.open.length === 0 ? "was" : "of the others was"} opened.`,
    details: (e) => [
      ...listed(
        "Not ready:",
        e.members.map(({ database, reasons }) => `${database}: ${reasons.join("; ")}`),
      ),
      ...listed("Already online:", e.open),
    ],
    remedy: "Bring each of them to readyForCutover, or remove it from the group. Then run pulumi up again.",
    retry: "never",
    source: "this project: opening cannot be undone, so all members have to be ready before the first is opened",
  }),
  GROUP_INCOMPLETE: entry<{ opened: string[]; database: string; why: string; closed: string[] }>({
    summary: (e) => `${e.database} could not be opened.`,
    details: (e) => [
      `Cause: ${e.why}`,
      ...listed("Already online, and not closed again:", e.opened),
      ...listed("Not opened:", e.closed),
    ],
    remedy:
      "Remove the cause and run pulumi up again: it continues with this database. Until then, databases that are not open can still return to their source.",
    retry: "afterFix",
    source: "CreateOnlineDatabaseTask: one call for each database, and none can be undone",
    link: PAGES.createOnlineDatabaseTask,
  }),
  INCREMENTS_LIMITED: entry<{ database: string; left: number; until: string }>({
    summary: (e) => `the daily quota of ${e.database} is used up.`,
    details: (e) => [
      `${counted(e.left, "increment waits", "increments wait")} until ${e.until}. RDS accepts 20 calls a day for one database.`,
    ],
    remedy: "Run pulumi up again then. A differential backup replaces all logs before it.",
    retry: "passes",
    source: "CreateMigrateTask: 20 a day; whether increments count is not documented, it is assumed",
    link: PAGES.createMigrateTask,
  }),
  INCREMENT_AFTER_CUTOVER: entry<{ database: string; file: string }>({
    summary: (e) => `[increments] ${e.file} is too late to be applied.`,
    details: (e) => [`${e.database} is open, and an open database accepts no increments.`],
    remedy:
      "Remove it from the list. If the source was written after the cutover, those writes exist only there: compare both sides before anyone relies on the copy.",
    retry: "never",
    source: RESTORE,
  }),
  SOURCE_WRITTEN_AFTER: entry<{ database: string; files: string[]; lsn: Lsn }>({
    summary: (e) => `THE SOURCE OF ${e.database} WAS WRITTEN AFTER THE CUTOVER.`,
    details: (e) => [
      `The database was opened at LSN ${e.lsn}.`,
      ...listed("These files reach beyond it and are not applied:", e.files),
    ],
    remedy:
      "Stop everything that still writes to the source, and compare both sides (sql/verify.sql). If the writes count, roll back to the source or migrate again.",
    retry: "never",
    source: RESTORE,
  }),
};
