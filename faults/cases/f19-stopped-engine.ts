import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import type { RunResult, Workspace } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { REPOSITORY } from "../../engine/repository";
import type { PlainObject } from "../../provider/model/plain";
import type { Fixture } from "../../testing/fixture";
import type { FaultCase } from "../fault-case";
import { lateLocks } from "../late-locks";
import { stopProcessTree } from "../process-tree";
import { acceptingSecondTasks, CLUSTER, LEGACY_2008R2, programOf, REFUSING_2022 } from "../services";
import { resolveAmbiguity } from "../test-cloud";

const SERVICES = [REFUSING_2022, acceptingSecondTasks(REFUSING_2022), CLUSTER, acceptingSecondTasks(LEGACY_2008R2)];
/** About as many requests as one `pulumi up` sends until its task is created. */
const REQUESTS = 25;
/** After the chosen request has reached the service; milliseconds. */
const LONGEST_DELAY_MS = 25;

/**
 * F19: `pulumi up` stands still at a random moment with everything that it has started, as in a virtual machine that is suspended;
 * another stack of the same program migrates meanwhile, with the real lock times; then the first one continues. Where the `pulumi`
 * command is not built, the stand-in engine takes its place.
 */
export const stoppedEngineCases = (): FaultCase[] =>
  SERVICES.map((service) => ({
    family: "F19",
    name: `pulumi up stands still while another one migrates, on ${service.name}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      await service.prepare(fixture);
      const args = await programOf(fixture, service);
      const [engine] = findEngines();
      if (engine === undefined) throw new Error("there is no engine");
      const requests = Math.floor(cloud.random() * REQUESTS);
      const delayMs = cloud.random() * LONGEST_DELAY_MS;
      const stacks = ["stopped", "other"].map((name) => workspaceOf(fixture, name, args));
      const [stopped, other] = stacks as [Workspace, Workspace]; // one for each of two names

      const first = await engine.start({ kind: "up" }, stopped);
      let hasEnded = false;
      void first.result.finally(() => {
        hasEnded = true;
      });
      while (!hasEnded && requestsOf(fixture) < requests) await sleep(1);
      await sleep(delayMs);
      const resume = stopProcessTree(first.process.pid ?? Number.NaN);
      const second = await engine.run({ kind: "up" }, other).finally(resume);
      const results = [second, await first.result];

      for (const result of results) {
        const text = errorsOf(result);
        cloud.record([], {}, text);
        if (result.exitCode !== 0 && !(service.allowance?.mayNeedAdopt && ASKS_FOR_ADOPT.test(text)))
          throw new Error(`pulumi up ended with ${result.exitCode} (request ${requests}): ${text}`);
      }
      let done = second.exitCode === 0 ? other : stopped;
      if (results.every(({ exitCode }) => exitCode !== 0)) {
        done = workspaceOf(fixture, "stopped", { ...args, ...(await resolveAmbiguity(fixture)) });
        const answered = await engine.run({ kind: "up" }, done);
        if (answered.exitCode !== 0) throw new Error(`the answered question does not help: ${errorsOf(answered)}`);
      }
      const again = await engine.run({ kind: "up", expectNoChanges: true }, done);
      if (again.exitCode !== 0) throw new Error(`the next pulumi up does not converge: ${errorsOf(again)}`);
      cloud.requireOneTask(fixture);
      const late = lateLocks(fixture.emulator.journal.entries).length;
      cloud.counts["late locks"] = late;
      if (late > 0) await engine.run({ kind: "destroy" }, done);
      await cloud.requireInvariants(fixture, [args.backup]);
    },
  }));

/** A stack with a state of its own, as on another machine. */
function workspaceOf({ emulator, folder }: Fixture, name: string, args: PlainObject): Workspace {
  const { instanceId, bucket, region } = emulator;
  const erp = { instanceId, bucket, pollInterval: "200ms", timeout: "5m", ...args };
  return {
    projectDir: join(REPOSITORY, "tests/scenarios/program"),
    stack: "dev",
    stateDir: join(folder, name),
    config: { "alicloud:region": region, migrations: JSON.stringify({ erp }) },
    env: emulatedEnvironment(emulator),
  };
}

const requestsOf = ({ emulator }: Fixture): number =>
  emulator.journal.entries.filter(({ request }) => request > 0).length;

/** CREATE_UNSETTLED: the reply to CreateMigrateTask came after its time-out, because the process stood still. */
const ASKS_FOR_ADOPT = /(?:CLAIM_UNDECIDED|DATABASE_EXISTS|CREATE_UNSETTLED): /;

const errorsOf = ({ diagnostics, stderr }: RunResult): string =>
  [...diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message), stderr].join("\n");
