import { describeEachEngine, ENGINE_TEST_TIMEOUT_MS } from "./each-engine";
import { diagnosticsOf, said, stepsOf } from "./things-project";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

describeEachEngine("failures", (open) => {
  test("a check failure ends preview and update, shows the property's value, and nothing more begins", async () => {
    const project = open().program(`
      const a = new Thing("a", { value: "secretless", do: { check: "is no good", checkProperty: "value" } });
      new Thing("b", { value: a.echo });
    `);
    for (const kind of ["preview", "up"] as const) {
      const run = await project.run(kind);
      expect(run.exitCode).toBe(1);
      expect(diagnosticsOf(run)).toEqual([
        "error: pulumi-nodejs:dynamic/things:Thing resource 'a': property value value {secretless} has a problem: is no good",
      ]);
      expect(said(run.calls, "check", "create")).toEqual(["check a"]);
    }
    const nameless = await project.program(`new Thing("a", { do: { check: "is no good" } });`).run("preview");
    expect(diagnosticsOf(nameless)).toEqual([
      "error: pulumi-nodejs:dynamic/things:Thing resource 'a' has a problem: is no good",
    ]);
  });

  test("a create that fails stops what has not begun; the next update does the rest", async () => {
    const program = (fails: string) => `
      const a = new Thing("a", { value: 1 });
      const b = new Thing("b", { value: 2, do: { ${fails} } }, { dependsOn: [a] });
      new Thing("c", { value: 3 }, { dependsOn: [b] });
    `;
    const project = open().program(program(`create: "no room"`));
    const failed = await project.run("up");
    expect(failed.exitCode).toBe(1);
    expect(stepsOf(failed)).toEqual(["create a", "create b failed"]);
    expect(diagnosticsOf(failed)).toContain("error: no room");
    const resources = (await project.engine.exportState(project.workspace)).deployment.resources ?? [];
    expect(resources.map((resource) => resource.urn.split("::").at(-1))).toEqual(["things-dev", "default", "a"]);
    const rest = await project.program(program("")).run("up");
    expect(rest.exitCode).toBe(0);
    expect(stepsOf(rest)).toEqual(["create b", "create c"]);
  });

  test("with continueOnError the others go on, and what depends on the failed one is left out", async () => {
    const project = open().program(`
      const a = new Thing("a", { value: 1, do: { create: "no room" } });
      new Thing("b", { value: 2 }, { dependsOn: [a] });
      new Thing("c", { value: 3, do: { delayMs: 300 } });
      new Thing("d", { value: 4, do: { initErrors: ["not ready"] } });
    `);
    const run = await project.run({ kind: "up", continueOnError: true });
    expect(run.exitCode).toBe(1);
    expect(said(run.calls, "created")).toEqual(["created c"]);
    expect(stepsOf(run).sort()).toEqual(["create a failed", "create c", "create d failed"]);
  });

  test("a resource that is not ready is recorded, and the next update tries again although nothing differs", async () => {
    const program = (todo: string) => `new Thing("a", { value: 1, diff: "none", do: { ${todo} } });`;
    const project = open().program(program(`initErrors: ["the first", "the second"]`));
    const failed = await project.run("up");
    expect(failed.exitCode).toBe(1);
    expect(diagnosticsOf(failed)[0]).toMatch(/the first[\s\S]*the second/);
    const [, , recorded] = (await project.engine.exportState(project.workspace)).deployment.resources ?? [];
    expect(recorded).toMatchObject({ id: "id-a", initErrors: ["the first", "the second"], outputs: { echo: 1 } });

    const preview = await project.program(program("")).run("preview");
    expect(stepsOf(preview)).toEqual(["update a"]);
    expect(said(preview.calls, "diff", "update")).toEqual(["diff a"]);
    const up = await project.run("up");
    expect(up.exitCode).toBe(0);
    expect(stepsOf(up)).toEqual(["update a"]);
    expect(up.calls.find((call) => call.method === "update")?.olds).toMatchObject({ count: 1, echo: 1 });
    expect((await project.run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);
  });

  test("an update that is not ready keeps the old inputs beside the new outputs", async () => {
    const project = open().program(`new Thing("a", { value: 1 });`);
    await project.run("up");
    const failed = await project.program(`new Thing("a", { value: 2, do: { initErrors: ["later"] } });`).run("up");
    expect(failed.exitCode).toBe(1);
    const [, , recorded] = (await project.engine.exportState(project.workspace)).deployment.resources ?? [];
    expect(recorded).toMatchObject({ inputs: { value: 1 }, outputs: { value: 2, echo: 2 }, initErrors: ["later"] });
  });

  test("an error of the program fails the run after what was registered; its outputs are kept", async () => {
    const project = open().program(`new Thing("a", { value: 1 }); exports.said = "before";`);
    await project.run("up");
    const failed = await project
      .program(`new Thing("a", { value: 2 }); throw new Error("the program's own");`)
      .run("up");
    expect(failed.exitCode).toBe(1);
    expect(diagnosticsOf(failed).join()).toContain("the program's own");
    const [stack] = (await project.engine.exportState(project.workspace)).deployment.resources ?? [];
    expect(stack?.outputs).toEqual({ said: "before" });
  });

  test("an error that a provider only logs fails nothing", async () => {
    const project = open().program(`new Thing("a", { value: 1, do: { logError: "just saying" } });`);
    const run = await project.run("up");
    expect(diagnosticsOf(run)).toEqual(["error: just saying"]);
    expect(run.exitCode).toBe(0);
  });
});
