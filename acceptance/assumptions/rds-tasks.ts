import { toMinute } from "../../provider/aliyun/rds/rds-client";
import type { Assumption } from "../assumption";
import { answerText, type Live, type RdsAnswer } from "../live";
import { refuseCall } from "../refuse-call";
import type { Seen } from "../seen";
import { itemsOf } from "./rds-reads";
import { databaseOf, fullTask } from "./rds-restores";

const MINUTE_MS = 60_000;
/** The longest time that a terminated task is followed. */
const FOLLOW_MS = 15 * MINUTE_MS;

const createTask = (live: Live, database: string, key: string): Promise<RdsAnswer> =>
  live.rds("CreateMigrateTask", fullTask(live, database, key));

/** What the life of one task shows. */
interface TaskLife {
  created: RdsAnswer;
  /** Whether the list had it when the call had returned. */
  isListed?: boolean;
  second?: RdsAnswer;
  terminated?: RdsAnswer;
  /** Its last status, and the status of its database, which may be gone. */
  ended?: string;
  database?: string;
}

/** One task of the day's quota: created, asked about, sent again, terminated and followed to its end. */
const taskLife = (live: Live): Promise<TaskLife> =>
  live.once("task", async () => {
    const { store, bucket, prefix, backup } = live;
    if (backup === undefined) throw new Error("--backup is missing");
    const key = `${prefix}/full.bak`;
    const database = databaseOf(live);
    try {
      await store.upload({ bucket, key, path: backup });
      return await liveOf(live, database, key);
    } finally {
      await store.deleteObject(bucket, key);
    }
  });

async function liveOf(live: Live, database: string, key: string): Promise<TaskLife> {
  const created = await createTask(live, database, key);
  if ("code" in created) return { created };
  const id = String(created.body.MigrateTaskId);
  const window = { StartTime: toMinute(Date.now() - 10 * MINUTE_MS), EndTime: toMinute(Date.now() + 10 * MINUTE_MS) };
  const listed = await live.rds("DescribeMigrateTasks", window);
  const isListed = itemsOf(listed, "MigrateTask").some((row) => String(row.MigrateTaskId) === id);
  const second = await createTask(live, database, key);
  if ("body" in second) live.leave(`a second task ${second.body.MigrateTaskId} of ${database}`);
  const terminated = await live.rds("TerminateMigrateTask", { MigrateTaskId: id });
  const ended = await followTask(live, id);
  const databases = await live.rds("DescribeDatabases", { DBName: database });
  const [row] = itemsOf(databases, "Database");
  const status = row === undefined ? "gone" : String(row.DBStatus);
  if (row !== undefined) live.leave(`the database ${database}, ${status}: drop it on the instance`);
  return { created, isListed, second, terminated, ended, database: status };
}

/** Returns the task's status when it neither waits nor runs any more. */
async function followTask(live: Live, id: string): Promise<string> {
  const end = Date.now() + FOLLOW_MS;
  let status = "unknown";
  do {
    const answer = await live.rds("DescribeMigrateTaskById", { MigrateTaskId: id });
    status = "body" in answer ? String(answer.body.Status) : answerText(answer);
    if (!["NoStart", "Running"].includes(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, live.pollMs));
  } while (Date.now() < end);
  return `${status} after ${FOLLOW_MS / MINUTE_MS} minutes`;
}

const ofTask = (cost: string, see: (life: TaskLife) => Seen) => ({
  spend: "tasks" as const,
  cost,
  run: async (live: Live): Promise<Seen> => {
    const life = await taskLife(live);
    return "code" in life.created ? { seen: `the task was refused: ${answerText(life.created)}` } : see(life);
  },
});
const SHARED = "1 task, the same for all probes of this kind";

/** The task runs on, and its database stays. */
const refuseTerminate = refuseCall("rds", "TerminateMigrateTask", { status: 400, code: "OperationDenied" });

/** Statements that only a task shows, and those that nobody can ask. */
export const RDS_TASKS: readonly Assumption[] = [
  {
    id: "rds-listed-at-once",
    assumed: "A task is in the list of DescribeMigrateTasks as soon as CreateMigrateTask has returned.",
    basis: "inferred",
    otherwise: "A run waits for a list that is younger than its own call, and asks the databases before it sends.",
    probe: ofTask(SHARED, ({ isListed }) => ({ seen: isListed ? "listed" : "not listed", agrees: isListed === true })),
    overrides: [{ control: "rds.setListDelay", argument: { ms: 60_000 } }],
  },
  {
    id: "rds-second-task",
    assumed: "A second CreateMigrateTask for a database that has an active task is refused.",
    basis: "inferred from the error IncorrectDBState",
    otherwise: "The submission lock lets one run send; nothing relies on the refusal alone.",
    probe: ofTask(`${SHARED}, and a second one where it is accepted`, ({ second }) => ({
      seen: second === undefined ? "not sent" : answerText(second),
      agrees: second !== undefined && "code" in second,
    })),
    overrides: [{ control: "rds.setSecondTasks", argument: { become: "accepted" } }],
  },
  {
    id: "rds-terminated-status",
    assumed: "A terminated task has the status Failed.",
    basis: "the status after TerminateMigrateTask is documented nowhere",
    otherwise: "Any status that is not known counts as not finished and is reported with its word.",
    probe: ofTask(SHARED, ({ terminated, ended }) => ({
      seen: `${terminated && answerText(terminated)}, then ${ended}`,
      agrees: ended === "Failed",
    })),
    overrides: [refuseTerminate],
  },
  {
    id: "rds-terminated-database",
    assumed: "The database of a terminated task is gone.",
    basis: "inferred",
    otherwise: "A database that exists is found by its name at preview, and is never dropped.",
    probe: ofTask(SHARED, ({ database }) => ({ seen: `${database}`, agrees: database === "gone" })),
    overrides: [refuseTerminate],
  },
  {
    id: "rds-refused-counts",
    assumed: "A refused call counts towards no quota of the day.",
    basis: "inferred",
    otherwise: "Refused calls are counted nowhere; a failure whose cause is not gone is not sent again.",
    probe: { noProbe: "it would burn the day's 20 calls of a database" },
  },
  {
    id: "rds-day",
    assumed: "The day of the quotas is the last 24 hours.",
    basis: "inferred: no page names a time zone",
    otherwise: "The count at preview is a warning, and the service decides.",
    probe: { noProbe: "it would burn the day's 20 calls of a database and wait a day" },
  },
  {
    id: "rds-three-terabytes",
    assumed: "A backup file may have 3 × 10¹² bytes.",
    basis: "the page says 3 TB",
    otherwise: "Above 3 × 10¹² bytes is a warning, above 3 × 2⁴⁰ an error.",
    probe: { noProbe: "it would take an upload of 3 TB" },
  },
  {
    id: "rds-internal-network",
    assumed: "RDS reads the bucket over the internal network when it gets the public endpoint of the region.",
    basis: "inferred",
    otherwise: "The traffic may be billed: docs/reference/billing.md says so.",
    probe: { noProbe: "only the bill shows it" },
  },
];
