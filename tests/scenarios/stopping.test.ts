import type { Run, RunResult } from "../../engine/engine";
import { hosts, messages, openScenario, type Scenario, steps, until } from "./harness";

jest.setTimeout(240_000);

const PART = 102_400;
/** Maximum time for a run to start on a busy machine; milliseconds. */
const START_MS = 90_000;
/** An upload that lasts some seconds. */
const SLOW = { partSize: PART, parallel: 2, rateLimit: 300_000 };
const FAST = { partSize: PART, parallel: 2 };

// What docs/how-to/stop-and-resume.md says about stopping is about the command; the stand-in has no second Ctrl-C and no --parallel.
const commands = hosts.filter(({ name }) => name === "pulumi");
if (commands.length === 0) console.warn("SKIPPED: the tests of stopping need the pulumi command (npm run engine)");

(commands.length === 0 ? describe.skip : describe).each(commands.length === 0 ? hosts : commands)(
  "with $title",
  (engine) => {
    // The command asks the native plugin to stop at the first Ctrl-C: stopping-native.test.ts. Pulumi's dynamic host ignores that.
    const testOfDynamicHost = engine.host === "dynamic" ? test : test.skip;
    let scenario: Scenario;
    beforeEach(async () => {
      scenario = await openScenario(engine);
    });
    afterEach(() => scenario.close());

    /** Ids of the unfinished uploads in the bucket. */
    const unfinished = (): string[] => scenario.emulator.oss.uploads().map(({ uploadId }) => uploadId);

    /** The steps that an interrupted run left in the state, as `creating erp`. */
    async function pending(): Promise<string[]> {
      const { deployment } = await engine.exportState(scenario.workspace);
      return (deployment.pending_operations ?? []).map(
        ({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`,
      );
    }

    /** Starts an update and returns when some of its parts have arrived. */
    async function startUploading(): Promise<Run> {
      const before = scenario.count("UploadPart");
      const run = await scenario.start({ kind: "up" });
      await until("parts arrive", () => scenario.count("UploadPart") >= before + 2, START_MS);
      return run;
    }

    /** Presses Ctrl-C twice. Fails when the run does not end within the seconds that the documentation promises. */
    async function interruptTwice(run: Run): Promise<RunResult> {
      const began = Date.now();
      run.process.kill("SIGINT");
      await new Promise((resolve) => setTimeout(resolve, 300));
      run.process.kill("SIGINT");
      const result = await run.result;
      expect(Date.now() - began).toBeLessThan(10_000);
      expect(result.stderr).toContain("update cancelled");
      return result;
    }

    testOfDynamicHost("Ctrl-C once: the running migration finishes, and no other begins", async () => {
      const { declare, backup, start, recorded, count } = scenario;
      declare({
        crm: { backup: await backup("crm", 600_000), upload: SLOW },
        erp: { backup: await backup("erp", 600_000), upload: SLOW },
      });
      const run = await start({ kind: "up", parallel: 1 });
      await until("parts arrive", () => count("UploadPart") >= 1, START_MS);
      run.process.kill("SIGINT");
      const result = await run.result;
      expect(result.exitCode).not.toBe(0);
      expect(messages(result)).toMatch(/^error: update canceled$/m);
      // The engine may begin either of them.
      const records = [await recorded("crm"), await recorded("erp")].filter((record) => record !== undefined);
      expect(records).toEqual([expect.objectContaining({ status: "online" })]);
      expect(await pending()).toEqual([]);
      expect(unfinished()).toEqual([]);
    });

    testOfDynamicHost(
      "Ctrl-C twice during a create: nothing is recorded, destroy leaves the upload, and the next up continues it",
      async () => {
        const { declare, backup, run, recorded, count } = scenario;
        const path = await backup("erp", 1_500_000);
        declare({ erp: { backup: path, upload: SLOW } });
        await interruptTwice(await startUploading());
        expect(await recorded("erp")).toBeUndefined();
        expect(await pending()).toEqual(["creating erp"]);
        const [left] = unfinished();
        expect(left).toBeDefined();

        // No `pulumi cancel` is needed: unlike a killed run, this one has released the stack.
        const destroyed = await run({ kind: "destroy" });
        expect(destroyed.exitCode).toBe(0);
        expect(steps(destroyed)).toEqual([]);
        expect(messages(destroyed)).toMatch(/::erp, interrupted while creating/);
        expect(unfinished()).toEqual([left]);

        declare({ erp: { backup: path, upload: FAST } });
        const up = await run({ kind: "up" });
        expect(up.exitCode).toBe(0);
        expect(messages(up)).toMatch(/resumed an earlier upload/);
        expect(count("InitiateMultipartUpload")).toBe(1);
        expect(unfinished()).toEqual([]);
      },
    );

    testOfDynamicHost(
      "Ctrl-C twice during an update: the record of before stays, and destroy aborts every upload of its object",
      async () => {
        const { declare, backup, run, recorded, emulator, count } = scenario;
        const path = await backup("erp", 1_500_000);
        declare({ erp: { backup: path, timeout: "3s", upload: SLOW } });
        await run({ kind: "up" });
        const before = await recorded("erp");
        expect(before).toMatchObject({ status: "uploading", uploadId: unfinished()[0] });

        // What the bucket's lifecycle rule does after a week; the next run starts another upload, which it cannot record.
        emulator.oss.removeBucket(emulator.bucket);
        emulator.oss.makeBucket({ name: emulator.bucket });
        declare({ erp: { backup: path, upload: SLOW } });
        await interruptTwice(await startUploading());
        expect(count("InitiateMultipartUpload")).toBe(2);
        expect(await recorded("erp")).toEqual(before);
        expect(await pending()).toEqual(["updating erp"]);
        expect(unfinished()).toHaveLength(1);
        expect(unfinished()).not.toEqual([before?.uploadId]);

        const destroyed = await run({ kind: "destroy" });
        expect(destroyed.exitCode).toBe(0);
        expect(unfinished()).toEqual([]);
      },
    );

    testOfDynamicHost("Ctrl-C twice during the restore: the task continues, and the next up follows it", async () => {
      const { declare, backup, run, start, recorded, count, emulator } = scenario;
      declare({ erp: { backup: await backup("erp") } });
      await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
      const stopped = await start({ kind: "up" });
      await until("the task is created", () => count("CreateMigrateTask") === 1, START_MS);
      await interruptTwice(stopped);
      expect(await recorded("erp")).toBeUndefined();
      expect(count("TerminateMigrateTask")).toBe(0);
      await emulator.rds.clearShapes({});

      const up = await run({ kind: "up" });
      expect(up.exitCode).toBe(0);
      expect(messages(up)).toMatch(/continues migration task \d+/);
      expect(await recorded("erp")).toMatchObject({ status: "online" });
      expect(count("CreateMigrateTask")).toBe(1);
    });

    test("pulumi cancel while a run is alive: two runs make one task, and their locks are removed", async () => {
      const { declare, backup, start, recorded, count, emulator, workspace } = scenario;
      declare({ erp: { backup: await backup("erp") } });
      await emulator.rds.shapeRestore({ dbName: "erp", holdAt: "restoring" });
      const first = await start({ kind: "up" });
      await until("the task is created", () => count("CreateMigrateTask") === 1, START_MS);
      await engine.cancel(workspace);
      let hasFound = false;
      workspace.onEvent = (event) => {
        hasFound ||= JSON.stringify(event).includes("continues migration task");
      };
      const second = await start({ kind: "up" });
      await until("the second run has found the task", () => hasFound, START_MS);
      await emulator.rds.clearShapes({});
      const results = await Promise.all([first.result, second.result]);
      expect(results.map(({ exitCode }) => exitCode)).toContain(0);
      expect(await recorded("erp")).toMatchObject({ status: "online" });
      expect(count("CreateMigrateTask")).toBe(1);
      expect(emulator.oss.objects(emulator.bucket).map(({ key }) => key)).toEqual([expect.stringMatching(/\.bak$/)]);
    });
  },
);
