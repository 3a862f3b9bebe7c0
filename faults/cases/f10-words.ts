import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";

const DAY_MS = 24 * 3_600_000;

/** What the service shows of a task that was submitted, and how a run that waits for it ends meanwhile. */
interface Words {
  name: string;
  show(fixture: Fixture, taskId: string): Promise<void>;
  /** `online`, or the run waits until its time is over. */
  meanwhile: "online" | "waits";
  warns?: RegExp;
}

const shown =
  (words: { status?: string; description?: string; createdAtMs?: number }) =>
  ({ emulator }: Fixture, taskId: string): Promise<void> =>
    emulator.rds.setTask({ instanceId: emulator.instanceId, taskId, ...words });

const WORDS: Words[] = [
  {
    name: "stuck in Running for three days",
    show: shown({ status: "Running", createdAtMs: Date.now() - 3 * DAY_MS }),
    meanwhile: "waits",
  },
  { name: "older than the list reaches", show: shown({ createdAtMs: Date.now() - 8 * DAY_MS }), meanwhile: "online" },
  { name: "in a status that nobody has documented", show: shown({ status: "Verifying" }), meanwhile: "waits" },
  { name: "without a status", show: shown({ status: "" }), meanwhile: "waits" },
  { name: "in a status with another case", show: shown({ status: "SUCCESS" }), meanwhile: "waits" },
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

/** F10: a service that says nothing for days, or what nobody has documented. Never "gone", never a success. */
export const wordCases = (): FaultCase[] => WORDS.map(caseOf);

function caseOf({ name, show, meanwhile, warns }: Words): FaultCase {
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
      if (migrateTaskId !== taskId) throw new Error("the task was forgotten");
      if (meanwhile === "online" ? status !== "online" : waited.error === undefined)
        throw new Error(`it is ${status}: ${waited.error}`);
      const warnings = JSON.stringify(waited.recorded?.outputs.warnings);
      if (warns !== undefined && !warns.test(warnings)) throw new Error(`nothing warns: ${warnings}`);
      await fixture.emulator.rds.clearShapes({});
      // The emulator shows other words only until they are set back to its own.
      if (meanwhile === "waits") await release(fixture, taskId);
      await cloud.settles(fixture, { backup }, waited.recorded, [backup]);
    },
  };
}

/** The service finds its words again: the task has succeeded. */
const release = ({ emulator }: Fixture, taskId: string): Promise<void> =>
  emulator.rds.setTask({ instanceId: emulator.instanceId, taskId, status: "Success", createdAtMs: Date.now() });
