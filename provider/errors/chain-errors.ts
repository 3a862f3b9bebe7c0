import { entry } from "./catalogue-entry";
import { PAGES } from "./vendor-pages";

const RESTORE = "RESTORE (Transact-SQL), restore sequence";
const INCREMENTAL_PAGE = "ApsaraDB RDS for SQL Server, Migrate incremental backup data";
const OPEN_PAGE = { source: "CreateOnlineDatabaseTask", link: PAGES.createOnlineDatabaseTask };

/** `erp and crm are`, `nothing is`. */
const listOf = (names: readonly string[]): string =>
  names.length === 0 ? "nothing is" : `${names.join(", ")} ${names.length === 1 ? "is" : "are"}`;

/** An LSN as RESTORE HEADERONLY prints it. */
type Lsn = string;

/** Faults of increments and of the cutover. */
export const chainErrors = {
  INCREMENT_IS_FULL: entry<{ file: string }>({
    message: (e) => `[increments] ${e.file} is a full backup.`,
    remedy: "Give the full backup as [backup]; as increments only differential and log backups that follow it.",
    retry: "never",
    source: INCREMENTAL_PAGE,
  }),
  INCREMENT_OTHER_DATABASE: entry<{ file: string; found: string; server: string; database: string }>({
    message: (e) =>
      `[increments] ${e.file} is of the database ${e.found} on ${e.server}, not of ${e.database}'s [backup].`,
    remedy: "Take it out of the list; in a folder or prefix such files are left aside by themselves.",
    retry: "never",
    source: "FamilyGUID and RecoveryForkID of RESTORE HEADERONLY",
  }),
  INCREMENT_OTHER_BASE: entry<{ file: string; base: string }>({
    message: (e) => `[increments] ${e.file} is a differential on another full backup (${e.base}) than [backup].`,
    remedy: "Give a differential that is based on this full backup, or the logs that follow it.",
    retry: "never",
    source: RESTORE,
  }),
  INCREMENT_UNFIT: entry<{ file: string; fault: string }>({
    message: (e) => `[increments] ${e.file} cannot be applied: ${e.fault}.`,
    remedy: "Supply a sound, single differential or log backup instead.",
    retry: "never",
    source: INCREMENTAL_PAGE,
  }),
  INCREMENT_MISSING: entry<{ file: string }>({
    message: (e) => `[increments] ${e.file} does not exist.`,
    remedy: "Correct the path; relative paths start at the folder of Pulumi.yaml.",
    retry: "never",
    source: "this project",
  }),
  INCREMENTS_UNREADABLE: entry<{ folder: string; fault: string }>({
    message: (e) => `[increments] The folder ${e.folder} cannot be listed: ${e.fault}.`,
    remedy: "Make it and its subfolders readable for the one who runs pulumi, or name the files one by one.",
    retry: "afterFix",
    source: "the operating system's error code",
  }),
  INCREMENT_NAMES_COLLIDE: entry<{ file: string; other: string }>({
    message: (e) =>
      `[increments] ${e.file} has the same name as ${e.other}, and RDS lists a task's files by their names.`,
    remedy: "Rename one of the objects.",
    retry: "never",
    source: "DescribeOssDownloads, FileName",
  }),
  CHAIN_FORK: entry<{ database: string; file: string; fork: string; wanted: string; lsn: Lsn }>({
    message: (e) =>
      `[increments] ${e.file} belongs to recovery fork ${e.fork}, the chain of ${e.database} is on ${e.wanted} and has reached LSN ${e.lsn}: the source was restored to a point in time in between.`,
    remedy: "Take a new full backup of the source and migrate from that.",
    retry: "never",
    source: RESTORE,
  }),
  CHAIN_START_UNKNOWN: entry<{ database: string; file: string }>({
    message: (e) =>
      `The header of ${e.file} does not tell its LSNs, so nothing can be planned behind it for ${e.database}.`,
    remedy: "Give a sound copy of the full backup, or leave `increments` and `phase` out to migrate it alone.",
    retry: "never",
    source: RESTORE,
  }),
  CHAIN_NOT_ON_2008R2: entry<{ instance: string }>({
    message: (e) => `[phase] ${e.instance} is SQL Server 2008 R2 with local disks, which opens every database at once.`,
    remedy: "Leave `increments` and `phase` out and migrate a full backup that was taken after the last write.",
    retry: "never",
    source: "CreateMigrateTask, IsOnlineDB",
    link: PAGES.createMigrateTask,
  }),
  CHAIN_TASK_OPENS: entry<{ database: string; task: string }>({
    message: (e) =>
      `Migration task ${e.task} of ${e.database} was created to open the database behind the full backup (BackupMode FULL), so it takes no increments.`,
    remedy:
      "Leave `increments` and `phase` out to record its outcome; or drop the database on RDS when it is there and run pulumi up --replace.",
    retry: "never",
    source: "CreateMigrateTask, BackupMode and IsOnlineDB",
    link: PAGES.createMigrateTask,
  }),
  PHASE_ONE_WAY: entry<{ database: string }>({
    message: (e) =>
      `[phase] ${e.database} was declared online before; it cannot go back to restoring, because an open database takes no increments.`,
    remedy:
      'Write `phase: "online"`. To migrate again with increments, drop or rename the database on RDS and declare the migration under another resource name.',
    retry: "never",
    source: RESTORE,
  }),
  INCREMENT_FAILED: entry<{ file: string; database: string; task: string; description: string; supply: string }>({
    message: (e) =>
      `Migration task ${e.task} could not apply ${e.file} to ${e.database}: "${e.description}" The database is still restoring.`,
    remedy: (e) => `${e.supply} Then run pulumi up again: it goes on behind what is applied.`,
    retry: "never",
    quota: "one",
    source: `${INCREMENTAL_PAGE}: common errors`,
  }),
  CHAIN_TASK_ENDED: entry<{ database: string; task: string; file: string; said: string }>({
    message: (e) =>
      `Migration task ${e.task} of ${e.database} has ended as Failed and does not take ${e.file} any more (${e.said}).`,
    remedy:
      "Drop the database on RDS and run pulumi up --replace: the full backup and all increments are applied anew, and what is in the bucket is not uploaded again.",
    retry: "never",
    source: "what a failed increment does to its task is not documented",
  }),
  INCREMENT_UNSETTLED: entry<{ file: string; database: string; task: string; said: string }>({
    message: (e) =>
      `Whether task ${e.task} of ${e.database} has taken ${e.file} cannot be told (${e.said}). It is not sent again, because a file that is applied twice can end the task.`,
    remedy: (e) =>
      `Look at the task's files in the console (Backup and Restoration, View File Details) and set \`adopt: "${e.task}/<name of the last file that was applied>"\`; take it out again when the run has passed.`,
    retry: "never",
    quota: "perhaps",
    source: "DescribeMigrateTasks lists full backups only; DescribeOssDownloads is not supported on some editions",
  }),
  INCREMENT_UNKNOWN: entry<{ file: string; database: string; task: string }>({
    message: (e) =>
      `Task ${e.task} of ${e.database} has taken a file ${e.file} that is neither among the increments nor in the bucket's folder, so it is not known how far the database has come.`,
    remedy: "Add that file to [increments].",
    retry: "never",
    source: "DescribeOssDownloads",
  }),
  ADOPT_UNKNOWN_FILE: entry<{ file: string; database: string }>({
    message: (e) => `[adopt] ${e.file} is none of the files of ${e.database}'s chain.`,
    remedy: "Give the name of the file as the console shows it, and keep that file among the increments.",
    retry: "never",
    source: "this project",
  }),
  ADOPT_OTHER_BACKUP: entry<{ task: string; database: string; file: string; backup: string }>({
    message: (e) =>
      `[adopt] Migration task ${e.task} has restored ${e.database} from ${e.file}, which is another full backup than ${e.backup}.`,
    remedy: "Give the full backup that the task has restored as [backup], and the increments that follow it.",
    retry: "never",
    source: RESTORE,
  }),
  CUTOVER_NOT_READY: entry<{ database: string; reasons: string[] }>({
    message: (e) => `${e.database} was not opened: ${e.reasons.join("; ")}.`,
    remedy:
      'Supply what is missing, or keep `phase: "restoring"`. Only if no write can be lost: `cutover: { final: "<file>" }` declares a file the last one, `cutover: { requireTailLog: false }` asks for none.',
    retry: "never",
    ...OPEN_PAGE,
  }),
  CUTOVER_UNSETTLED: entry<{ database: string; task: string; said: string }>({
    message: (e) => `CreateOnlineDatabaseTask for ${e.database} (task ${e.task}) got no usable answer: ${e.said}`,
    remedy: "Run pulumi up again: the call carries the same client token, so that it takes effect at most once.",
    retry: "passes",
    ...OPEN_PAGE,
  }),
  GROUP_NOT_READY: entry<{ members: { database: string; reasons: string[] }[]; of: number; open: string[] }>({
    message: (e) =>
      `${e.open.length === 0 ? `None of the ${e.of} databases of the cutover group was opened` : `No further database of the cutover group was opened (${listOf(e.open)} already online)`}, because ${e.members.length} of ${e.open.length === 0 ? "them" : `its ${e.of}`} cannot be: ${e.members
        .map(({ database, reasons }) => `${database} (${reasons.join("; ")})`)
        .join(", ")}.`,
    remedy: "Bring each of them to readyForCutover, or take it out of the group, then run pulumi up again.",
    retry: "never",
    source: "this project: opening cannot be undone, so all members have to be ready before the first is opened",
  }),
  GROUP_INCOMPLETE: entry<{ opened: string[]; database: string; why: string; closed: string[] }>({
    message: (e) =>
      `${e.database} could not be opened: ${e.why} ${listOf(e.opened)} already online and ${e.opened.length === 1 ? "stays" : "stay"} so; ${listOf(e.closed)} not opened.`,
    remedy:
      "Remove the cause and run pulumi up again: it goes on with this database. Until then what is not opened can still go back to its source.",
    retry: "afterFix",
    source: "CreateOnlineDatabaseTask: one call for each database, and none can be undone",
    link: PAGES.createOnlineDatabaseTask,
  }),
  INCREMENTS_LIMITED: entry<{ database: string; left: number; until: string }>({
    message: (e) =>
      `${e.left} increments of ${e.database} are left, and the 20 calls that RDS takes a day for one database are used up until ${e.until}.`,
    remedy: "Run pulumi up again then. A differential backup would take the place of all logs before it.",
    retry: "passes",
    source: "CreateMigrateTask: 20 a day; whether increments count is not documented, it is assumed",
    link: PAGES.createMigrateTask,
  }),
  INCREMENT_AFTER_CUTOVER: entry<{ database: string; file: string }>({
    message: (e) =>
      `[increments] ${e.file} cannot be applied: ${e.database} is open, and an open database takes no increments.`,
    remedy:
      "Take it out of the list. If the source was written after the cutover, those writes are only there: compare both sides before anybody relies on the copy.",
    retry: "never",
    source: RESTORE,
  }),
  SOURCE_WRITTEN_AFTER: entry<{ database: string; files: string[]; lsn: Lsn }>({
    message: (e) =>
      `THE SOURCE OF ${e.database} WAS WRITTEN AFTER THE CUTOVER: ${e.files.join(", ")} reach beyond LSN ${e.lsn}, with which the database was opened, and are not applied.`,
    remedy:
      "Stop what still writes to the source, and compare both sides (sql/verify.sql). If the writes count, roll back to the source or migrate again.",
    retry: "never",
    source: RESTORE,
  }),
};
