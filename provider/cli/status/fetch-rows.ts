import type { Settings } from "../../aliyun/settings";
import { isMigrationError, type MigrationError } from "../../errors/migration-error";
import { PACKAGE_NAME } from "../../model/resource-type";
import { secondsText } from "../../model/status-command";
import { outcomeAfterFetch } from "../../outcome/database-outcome";
import { systemClock } from "../../session/clock";
import { openSession, type Session } from "../../session/session";
import type { DatabaseRow } from "../../stack-state/database-row";
import type { StackState } from "../../stack-state/exported-stack";
import type { CommandContext } from "../program/program";
import { warningLog } from "../program/warning-log";

/** Rows after RDS was asked, and the instances whose tasks it did not list. */
export interface FetchedRows {
  rows: DatabaseRow[];
  /** `error` is absent where the edition does not support the list. */
  notAsked: { instanceId: string; error?: MigrationError }[];
}

/** A person waits for the table: without an answer, six repetitions end within some forty seconds; milliseconds. */
const TUNING = { rdsReadTimeoutMs: 5_000, rdsRetryDelayMs: 100 };

/** Asks RDS for the rows of a state, in a session of its own. */
export const fetchCurrentRows = (
  state: StackState,
  recorded: readonly DatabaseRow[],
  context: Pick<CommandContext, "console" | "program">,
): Promise<FetchedRows> =>
  fetchRows(openSession(settingsOf(state, context.console.env), warningLog(context), systemClock, TUNING), recorded);

/**
 * Asks RDS for the tasks of every instance: one list of all its pages, whatever the number of databases. A database without a
 * task, or with one that is too old for the list, keeps its recorded status.
 */
async function fetchRows(session: Session, recorded: readonly DatabaseRow[]): Promise<FetchedRows> {
  const rows = [...recorded];
  const notAsked: FetchedRows["notAsked"] = [];
  for (const instanceId of new Set(recorded.map((row) => row.instanceId))) {
    const withTask = recorded.filter((row) => row.instanceId === instanceId && row.migrateTaskId !== undefined);
    const [first] = withTask;
    if (first === undefined) continue;
    const sinceMs = Math.min(...withTask.map(earliestTaskMs));
    try {
      const nowMs = session.clock.now();
      const tasks = await session.lookups.taskList(first.scope, instanceId).list({ sinceMs, notBeforeMs: nowMs });
      if (tasks === undefined) notAsked.push({ instanceId });
      const byId = new Map((tasks ?? []).map((task) => [task.taskId, task]));
      for (const [index, row] of rows.entries()) {
        const task = row.instanceId === instanceId ? byId.get(row.migrateTaskId ?? "") : undefined;
        if (task === undefined) continue;
        const seen = { asked: true, asOf: secondsText(nowMs) };
        // A task that has ended does not change, and the recorded failure may name a cause that the task does not.
        const { status } = row;
        const hasEnded = status === undefined || status === "online" || status === "failed";
        rows[index] = hasEnded
          ? { ...row, ...seen }
          : { ...row, ...outcomeAfterFetch({ ...row, status }, task, nowMs), ...seen };
      }
    } catch (error) {
      if (!isMigrationError(error)) throw error;
      notAsked.push({ instanceId, error });
    }
  }
  return { rows, notAsked };
}

/** A time before the task was created; the list reaches back a week at most. */
const earliestTaskMs = ({ startedAt, isAdopted }: DatabaseRow): number =>
  isAdopted ? 0 : Date.parse(startedAt ?? "") || 0;

/**
 * The state has the configuration that the provider of either host got; the plugin's has the names of its own arguments. Secrets are
 * encrypted, so keys come from the environment.
 */
function settingsOf({ resources }: StackState, env: Settings["env"]): Settings {
  const inputsOf = (packageName: string) =>
    resources.flatMap(({ type, inputs }) => (type === `pulumi:providers:${packageName}` ? [inputs ?? {}] : []));
  const [dynamic, native] = [inputsOf("pulumi-nodejs"), inputsOf(PACKAGE_NAME)];
  return {
    config: (key) =>
      [...dynamic.map((inputs) => inputs[key]), ...native.map((inputs) => inputs[key.replace(/^alicloud:/, "")])].find(
        (value) => typeof value === "string",
      ),
    env,
  };
}
