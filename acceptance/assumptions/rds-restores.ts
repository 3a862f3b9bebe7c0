import type { Assumption } from "../assumption";
import { hasCode, type Live, type RdsAnswer } from "../live";
import { refuseCall } from "../refuse-call";

/** The database that the probes of a run restore. Its name needs no quotes in T-SQL, for whoever drops it. */
export const databaseOf = ({ prefix }: Live): string => prefix.replaceAll("-", "_");

/** What CreateMigrateTask needs to restore one full backup. */
export const fullTask = (live: Live, database: string, key: string): Record<string, string> => ({
  DBName: database,
  BackupMode: "FULL",
  IsOnlineDB: "True",
  CheckDBMode: "AsyncExecuteDBCheck",
  OssObjectPositions: live.positionOf(key),
});

const MISSING = "missing.bak";

/** Sends a call that has to be refused. If it is accepted, its task is terminated. */
async function sendRefused(live: Live): Promise<RdsAnswer> {
  const database = databaseOf(live);
  const answer = await live.rds("CreateMigrateTask", fullTask(live, database, `${live.prefix}/${MISSING}`));
  if ("body" in answer) {
    live.leave(`the task ${answer.body.MigrateTaskId} of ${database}, whose object does not exist`);
    await live.rds("TerminateMigrateTask", { MigrateTaskId: String(answer.body.MigrateTaskId) });
  }
  return answer;
}

const refuseCreate = refuseCall("rds", "CreateMigrateTask", { status: 400, code: "InvalidParameter" });
const NEEDS_CHAIN = "it needs a full backup with increments, which one FILE is not";

/** Statements about what RDS accepts and restores. */
export const RDS_RESTORES: readonly Assumption[] = [
  {
    id: "rds-missing-object",
    assumed: "CreateMigrateTask refuses an object that does not exist with InvalidOssUrl.",
    basis: "inferred from the code's text",
    otherwise: "The preview checks the object itself; a task that fails later is reported with its description.",
    probe: {
      spend: "tasks",
      cost: "1 call that is refused; whether it counts towards the quota is not known",
      run: async (live) => hasCode(await sendRefused(live), "InvalidOssUrl"),
    },
    overrides: [refuseCreate],
  },
  {
    id: "rds-chain-keeps-id",
    assumed: "Increments keep the MigrateTaskId of their full backup.",
    basis: "inferred from the parameter MigrateTaskId",
    otherwise: "The id that each reply has is recorded and followed.",
    probe: { noProbe: NEEDS_CHAIN },
  },
  {
    id: "rds-list-hides-chains",
    assumed: "DescribeMigrateTasks may leave out tasks that wait for increments.",
    basis: "the API's page: only tasks created to migrate full backup files",
    otherwise: "Such a task is asked for by its recorded id.",
    probe: { noProbe: NEEDS_CHAIN },
  },
  {
    id: "rds-bad-increment",
    assumed: "An increment that does not fit ends the task as Failed, and the database stays closed.",
    basis: "inferred",
    otherwise: "Increments are checked by their LSNs before they are sent; a task that waits goes on.",
    probe: { noProbe: NEEDS_CHAIN },
  },
  {
    id: "rds-status-while-restoring",
    assumed: "A database that is being restored is listed with a status other than Running.",
    basis: "inferred",
    otherwise: "The task decides whether a database is online; its status alone never does.",
    probe: { noProbe: "a small backup is restored between two polls" },
  },
  {
    id: "rds-several-sets",
    assumed: "Of several backup sets in one file the first is restored.",
    basis: "the vendor's page: one backup set",
    otherwise: "A file with several sets is an error at preview.",
    probe: { noProbe: "one FILE has one set" },
  },
  {
    id: "rds-order-of-checks",
    assumed: "CreateMigrateTask checks the instance, the database, the file and then the quotas.",
    basis: "inferred; increments count towards the quotas",
    otherwise: "The preview checks all of them itself.",
    probe: { noProbe: "each order costs a refused call" },
  },
  {
    id: "rds-invalid-oss-url",
    assumed:
      "InvalidOssUrl is also the code for a bucket of another region, another storage class, server-side encryption and a role that cannot be used.",
    basis: "inferred from the code's text",
    otherwise: "The error lists these causes, and the preview checks each.",
    probe: { noProbe: "it would change the bucket or the role" },
  },
  {
    id: "rds-terminate-finished",
    assumed: "Terminating a task that has ended is refused with InvalideStatus.",
    basis: "the code is documented for CreateOnlineDatabaseTask",
    otherwise: "The provider terminates a running task only, and reports a refusal.",
    probe: { noProbe: "it needs a restored database, which the probes would have to leave" },
  },
  {
    id: "rds-synchronous-check",
    assumed: "A database that fails the synchronous DBCC is open, and its task says so.",
    basis: "inferred",
    otherwise: "The task's description is an output and a warning.",
    probe: { noProbe: "it needs a damaged database" },
  },
  {
    id: "rds-unreadable-backups",
    assumed: "Stripes and encrypted, password-protected and partial backups fail as corrupted or of a newer edition.",
    basis: "the vendor's page has one text for all",
    otherwise: "Each is an error of its own at preview.",
    probe: { noProbe: "each costs a task of the day's quota" },
  },
  {
    id: "rds-space-of-files",
    assumed: "The backup files of active tasks occupy space beside the databases.",
    basis: "inferred",
    otherwise:
      "The preview compares the databases' sizes with the free space, and warns where the files do not fit beside them.",
    probe: { noProbe: "a small backup does not show it" },
  },
];
