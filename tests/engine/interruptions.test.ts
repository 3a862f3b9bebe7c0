import { setTimeout as sleep } from "node:timers/promises";
import { describeEachEngine } from "./each-engine";
import { callsOf, diagnosticsOf, recordsOf, type ThingsProject } from "./things-project";

const POLL_MS = 50;

/** Starts an update and returns when the provider has been asked to create `name`. */
async function startUntilCreate(project: ThingsProject, name: string, signal?: AbortSignal) {
  const run = await project.engine.start({ kind: "up" }, { ...project.workspace, signal });
  while (!callsOf(project.calls(), "create").includes(`create ${name}`)) await sleep(POLL_MS);
  return run;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Whether an update is refused because the stack is locked. */
async function locked(project: ThingsProject): Promise<boolean> {
  const run = await project.engine.run({ kind: "up" }, project.workspace);
  return (run.stderr + run.stdout).includes("the stack is currently locked by 1 lock(s)");
}

describeEachEngine("interruptions", {
  "a killed engine leaves a pending create, a lock and a running provider; the next update creates again": async (
    open,
  ) => {
    const project = open().program(`
      const a = new Thing("a", { value: 1 });
      new Thing("b", { value: a.echo, do: { delayMs: 2500 } });
    `);
    const run = await startUntilCreate(project, "b");
    run.process.kill("SIGKILL");
    const killed = await run.result;
    expect(killed.exitCode).toBeNull();
    expect(killed.steps.find((step) => step.name === "b")).toMatchObject({ op: "create", outcome: "started" });
    const [first] = project.calls();
    expect(isAlive(first?.pid ?? 0)).toBe(true);
    const { deployment } = await project.engine.exportState(project.workspace);
    expect(
      deployment.pending_operations?.map((pending) => [pending.type, pending.resource.urn.split("::").at(-1)]),
    ).toEqual([["creating", "b"]]);
    expect(deployment.pending_operations?.[0]?.resource).not.toHaveProperty("id");

    expect(await locked(project)).toBe(true);
    // The provider does not notice the kill and completes the request of the killed engine.
    while (!callsOf(project.calls(), "created").includes("created b")) await sleep(POLL_MS);
    if (first) process.kill(first.pid, "SIGKILL");

    await project.engine.cancel(project.workspace);
    const up = await project.run("up");
    expect(up.exitCode).toBe(0);
    expect(diagnosticsOf(up)[0]).toMatch(
      /with 1 pending operations from previous deployment.\n {2}\* .*::b, interrupted while creating/,
    );
    expect(callsOf(up.calls, "create")).toEqual(["create b"]);
    // The warning stays until the user clears the pending create.
    const pending = async () =>
      (await project.engine.exportState(project.workspace)).deployment.pending_operations?.length;
    expect(await pending()).toBe(1);
    expect((await project.run({ kind: "refresh", clearPendingCreates: true })).exitCode).toBe(0);
    expect(await pending()).toBeUndefined();
  },

  "after ^C the running step completes and no other begins": async (open) => {
    const project = open().program(`
      const a = new Thing("a", { value: 1, do: { delayMs: 1500 } });
      new Thing("b", { value: a.echo });
    `);
    const interrupt = new AbortController();
    const run = await startUntilCreate(project, "a", interrupt.signal);
    interrupt.abort();
    const result = await run.result;
    expect(callsOf(project.calls(), "create", "created")).toEqual(["create a", "created a"]);
    expect(Object.keys(await recordsOf(project)).sort()).toEqual(["a", "default", "things-dev"]);
    expect(result.exitCode).toBe(1);
    expect(diagnosticsOf(result)).toEqual(["error: update canceled"]);
  },

  "^C twice ends the provider at once and leaves a pending create": async (open) => {
    const project = open().program(`new Thing("a", { value: 1, do: { delayMs: 60000 } });`);
    const run = await startUntilCreate(project, "a");
    run.process.kill("SIGINT");
    await sleep(500);
    run.process.kill("SIGINT");
    const result = await run.result;
    expect(result.exitCode).toBe(8);
    expect(result.stderr).toContain("update cancelled");
    const [call] = project.calls();
    expect(isAlive(call?.pid ?? 0)).toBe(false);
    const { deployment } = await project.engine.exportState(project.workspace);
    expect(deployment.pending_operations).toHaveLength(1);
  },
});
