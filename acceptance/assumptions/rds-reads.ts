import { toMinute } from "../../provider/aliyun/rds/rds-client";
import type { Assumption } from "../assumption";
import { answerText, hasCode, type Live, type RdsAnswer } from "../live";
import { refuseCall } from "../refuse-call";

const LISTS = "DescribeMigrateTasks";
const UNKNOWN_TASK = "1";
const UNKNOWN_INSTANCE = "rm-acceptance00000";
const DAY_MS = 86_400_000;

const listTasks = (live: Live, days: number): Promise<RdsAnswer> =>
  live.rds(LISTS, { StartTime: toMinute(Date.now() - days * DAY_MS), EndTime: toMinute(Date.now() + DAY_MS) });

/** Statements about calls that only read. */
export const RDS_READS: readonly Assumption[] = [
  {
    id: "rds-unknown-instance",
    assumed: "An instance that does not exist is refused with InvalidDBInstanceId.NotFound.",
    basis: "inferred from the code of other RDS calls",
    otherwise: "Another code is reported as the service wrote it; nothing is sent.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async (live) =>
        hasCode(
          await live.rds("DescribeDBInstanceAttribute", { DBInstanceId: UNKNOWN_INSTANCE }),
          "InvalidDBInstanceId.NotFound",
        ),
    },
    overrides: [
      refuseCall(
        "rds",
        "DescribeDBInstanceAttribute",
        { status: 404, code: "InvalidDBInstanceName.NotFound" },
        { DBInstanceId: UNKNOWN_INSTANCE },
      ),
    ],
  },
  {
    id: "rds-unknown-task",
    assumed: "A task that does not exist is refused with InvalidMigrateTaskId.NotFound.",
    basis: "inferred from the code of other RDS calls",
    otherwise: "A reply without a task id counts as none; every other refusal is reported, and no task is created.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async (live) =>
        hasCode(
          await live.rds("DescribeMigrateTaskById", { MigrateTaskId: UNKNOWN_TASK }),
          "InvalidMigrateTaskId.NotFound",
        ),
    },
    overrides: [
      refuseCall(
        "rds",
        "DescribeMigrateTaskById",
        { status: 400, code: "InvalidParameter" },
        { MigrateTaskId: UNKNOWN_TASK },
      ),
    ],
  },
  {
    id: "rds-lists-tasks",
    assumed: "DescribeMigrateTasks answers on every edition but SQL Server 2017 on Cluster Edition, with a count.",
    basis: "the API's page",
    otherwise:
      "Without a list, a task that a killed run created is looked for by its database, and `adopt` is asked for.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async (live) => {
        const answer = await listTasks(live, 6);
        if ("code" in answer) return { seen: answerText(answer), agrees: false };
        const count = answer.body.TotalRecordCount;
        return { seen: `TotalRecordCount is ${typeof count}`, agrees: typeof count === "number" };
      },
    },
    overrides: [refuseCall("rds", LISTS, { status: 400, code: "EngineVersionNotSupported" })],
  },
  {
    id: "rds-list-longer-than-a-week",
    assumed: "DescribeMigrateTasks accepts a window of more than a week and returns the last week of it.",
    basis: "inferred: the page says that a week is kept",
    otherwise: "The window that is asked for is at most a week.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async (live) => {
        const answer = await listTasks(live, 30);
        return { seen: answerText(answer), agrees: "body" in answer };
      },
    },
    overrides: [refuseCall("rds", LISTS, { status: 400, code: "InvalidStartTime.Malformed" })],
  },
  {
    id: "rds-files-refusal",
    assumed: "On 2017 EE and 2019 EE DescribeOssDownloads is refused with a code about the engine's version.",
    basis: "the API's page names the editions and no code",
    otherwise:
      "Any refusal about the request itself counts as not supported; the task is then known by its name and time.",
    probe: {
      spend: "none",
      cost: "2 requests",
      run: async (live) => {
        const instance = await live.rds("DescribeDBInstanceAttribute");
        const [attribute] = itemsOf(instance, "DBInstanceAttribute");
        const version = String(attribute?.EngineVersion ?? "unknown");
        const answer = await live.rds("DescribeOssDownloads", { MigrateTaskId: UNKNOWN_TASK });
        if (!/^201[79]_ent/.test(version)) return { seen: `not shown by ${version}: ${answerText(answer)}` };
        return hasCode(answer, "EngineVersionNotSupported");
      },
    },
  },
  {
    id: "rds-disk-used",
    assumed: "DescribeResourceUsage returns DiskUsed in bytes.",
    basis: "the API's page",
    otherwise: "Without it the free space is a note at preview, and the service itself decides.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async (live) => {
        const answer = await live.rds("DescribeResourceUsage");
        const used = "body" in answer ? Number(answer.body.DiskUsed) : Number.NaN;
        return { seen: Number.isNaN(used) ? answerText(answer) : "a number", agrees: used > 0 };
      },
    },
    overrides: [refuseCall("rds", "DescribeResourceUsage", { status: 403, code: "Forbidden.RAM" })],
  },
];

/** The rows of a list in a reply. */
export function itemsOf(answer: RdsAnswer, member: string): Record<string, unknown>[] {
  const items: unknown = "body" in answer ? (answer.body.Items ?? answer.body.Databases) : undefined;
  const rows: unknown = items !== null && typeof items === "object" ? Reflect.get(items, member) : undefined;
  return Array.isArray(rows) ? rows : [];
}
