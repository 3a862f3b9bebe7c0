import { type Fixture, until } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";

const DAY_MS = 24 * 3_600_000;

/** A reply about a submitted task, and the expected result of a run that waits for the task. */
interface TaskReply {
  name: string;
  show(fixture: Fixture, taskId: string): Promise<void>;
  /** Whether the run ends with `online` or waits until its timeout. */
  meanwhile: "online" | "waits";
  warns?: RegExp;
}

const shown =
  (reply: { status?: string; description?: string; createdAtMs?: number }) =>
  ({ emulator }: Fixture, taskId: string): Promise<void> =>
    emulator.rds.setTask({ instanceId: emulator.instanceId, taskId, ...reply });

const REPLIES: TaskReply[] = [
  {
    name: "in status Running for three days",
    show: shown({ status: "Running", createdAtMs: Date.now() - 3 * DAY_MS }),
    meanwhile: "waits",
  },
  { name: "older than the list covers", show: shown({ createdAtMs: Date.now() - 8 * DAY_MS }), meanwhile: "online" },
  { name: "in an undocumented status", show: shown({ status: "Verifying" }), meanwhile: "waits" },
  { name: "without a status", show: shown({ status: "" }), meanwhile: "waits" },
  { name: "with a status in other letter case", show: shown({ status: "SUCCESS" }), meanwhile: "waits" },
  {
    name: "Success without an account",
    show: ({ emulator }) => emulator.rds.setInstance({ id: emulator.instanceId, accounts: [] }),
    meanwhile: "online",
    warns: /init account/,
  },
  {
    name: "Success with damage",
    show: ({ emulator }, taskId) =>
      emulator.rds.setTask({ instanceId: emulator.instanceId, taskId, successDescription: "DBCC checkdb failed" }),
    meanwhile: "online",
    warns: /DBCC CHECKDB found damage/,
  },
];

/** F10: tasks that do not progress for days, and undocumented replies. The run must treat neither as a missing task nor as success. */
export const taskReplyCases = (): FaultCase[] => [...REPLIES.map(caseOf), unattendedCase()];

const NO_SPACE = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";

/**
 * The loop `pulumi up --refresh` with `wait: "submitted"`: the service fails each task for want of space, although the free space
 * that it reports is sufficient. Each run that learns of it fails; the task is submitted again once, and then waits for a person.
 */
function unattendedCase(): FaultCase {
  return {
    family: "F10",
    name: "a task that fails in each run of a loop that nobody attends",
    async run(cloud) {
      const fixture = await cloud.fixture();
      const { rds } = fixture.emulator;
      await rds.shapeRestore({ dbName: "erp", failWith: NO_SPACE, always: true });
      const args = { backup: await fixture.backup("erp.bak"), wait: "submitted" };
      let { recorded } = await cloud.attempt(fixture, args);
      for (const tasks of [1, 2, 2, 2]) {
        await until(async () => (await fixture.tasks()).filter(({ stage }) => stage === "failed").length === tasks);
        const refreshed = recorded && (await fixture.refresh(recorded));
        const { error = "no failure", ...next } = await cloud.attempt(fixture, args, refreshed);
        if (!error.includes(NO_SPACE)) throw new Error(`the run with ${tasks} failed tasks reports ${error}`);
        recorded = next.recorded;
      }
      const submitted = (await fixture.tasks()).length;
      if (submitted !== 2) throw new Error(`${submitted} tasks were submitted`);
      await rds.clearShapes({});
      const enlarged = { backup: args.backup, retryTrigger: "disk enlarged" };
      await cloud.requireConvergence(fixture, enlarged, recorded, [args.backup]);
    },
  };
}

function caseOf({ name, show, meanwhile, warns }: TaskReply): FaultCase {
  return {
    family: "F10",
    name: `a task ${name}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      await fixture.emulator.rds.shapeRestore({ holdAt: "restoring" });
      const backup = await fixture.backup("erp.bak");
      const { recorded: submitted } = await cloud.attempt(fixture, { backup, wait: "submitted" });
      const taskId = String(submitted?.outputs.migrateTaskId);
      await show(fixture, taskId);
      if (meanwhile === "online") await fixture.emulator.rds.clearShapes({});
      const waited = await cloud.attempt(fixture, { backup, timeout: "2s" }, submitted);
      const { status, migrateTaskId } = waited.recorded?.outputs ?? {};
      if (migrateTaskId !== taskId) throw new Error("the task id was lost");
      if (meanwhile === "online" ? status !== "online" : waited.error === undefined)
        throw new Error(`the status is ${status}: ${waited.error}`);
      const warnings = JSON.stringify(waited.recorded?.outputs.warnings);
      if (warns !== undefined && !warns.test(warnings)) throw new Error(`the warning is missing: ${warnings}`);
      await fixture.emulator.rds.clearShapes({});
      // The emulator keeps the substituted reply until it is reset.
      if (meanwhile === "waits") await completeTask(fixture, taskId);
      await cloud.requireConvergence(fixture, { backup }, waited.recorded, [backup]);
    },
  };
}

/** Resets the reply: the task has succeeded. */
const completeTask = ({ emulator }: Fixture, taskId: string): Promise<void> =>
  emulator.rds.setTask({ instanceId: emulator.instanceId, taskId, status: "Success", createdAtMs: Date.now() });
