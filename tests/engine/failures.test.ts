import { describeEachEngine } from "./each-engine";
import { callsOf, diagnosticsOf, recordsOf, stepsOf } from "./things-project";

describeEachEngine("failures", {
  "a check failure ends preview and update with the property's value, and no further step begins": async (open) => {
    const project = open().program(`
      const a = new Thing("a", { value: "secretless", do: { check: { value: "is no good", "": "is bad altogether" } } });
      new Thing("b", { value: a.echo });
    `);
    for (const kind of ["preview", "up"] as const) {
      const run = await project.run(kind);
      expect(run.exitCode).toBe(1);
      expect(diagnosticsOf(run)).toEqual([
        "error: pulumi-nodejs:dynamic/things:Thing resource 'a' has a problem: is bad altogether",
        "error: pulumi-nodejs:dynamic/things:Thing resource 'a': property value value {secretless} has a problem: is no good",
      ]);
      expect(callsOf(run.calls, "check", "create")).toEqual(["check a"]);
    }
  },

  "a failed create prevents steps that have not begun; the next update completes them": async (open) => {
    const program = (fails: string) => `
      const a = new Thing("a", { value: 1 });
      const b = new Thing("b", { value: 2, do: { ${fails} } }, { dependsOn: [a] });
      new Thing("c", { value: 3 }, { dependsOn: [b] });
    `;
    const project = open().program(program(`create: "no room"`));
    const failed = await project.run("up");
    expect(failed.exitCode).toBe(1);
    expect(stepsOf(failed)).toEqual(["create a", "create b failed"]);
    expect(diagnosticsOf(failed)).toEqual(["error: no room", "error: update failed"]);
    expect(Object.keys(await recordsOf(project))).toEqual(["things-dev", "default", "a"]);
    const rest = await project.program(program("")).run("up");
    expect(rest.exitCode).toBe(0);
    expect(stepsOf(rest)).toEqual(["create b", "create c"]);
  },

  "a resource that is not ready is recorded, and the next update retries although nothing changed": async (open) => {
    const program = (value: number, todo: string) =>
      `new Thing("a", { value: ${value}, diff: ${value === 1 ? `"none"` : `"some"`}, do: { ${todo} } });`;
    const project = open().program(program(1, `initErrors: ["the first", "the second"]`));
    const failed = await project.run("up");
    expect(failed.exitCode).toBe(1);
    expect(diagnosticsOf(failed)[0]).toMatch(/the first[\s\S]*the second/);
    const created = (await recordsOf(project)).a;
    expect(created).toMatchObject({ id: "id-a", initErrors: ["the first", "the second"], outputs: { echo: 1 } });

    const up = await project.program(program(1, "")).run("up");
    expect(up.exitCode).toBe(0);
    expect(callsOf(up.calls, "diff", "update")).toEqual(["diff a", "update a"]);
    expect(up.calls.find((call) => call.method === "update")?.olds).toMatchObject({ count: 1, echo: 1 });
    expect((await recordsOf(project)).a).not.toHaveProperty("initErrors");

    // After an update with init errors the record has the old inputs and the new outputs.
    const later = await project.program(program(2, `initErrors: ["later"]`)).run("up");
    expect(later.exitCode).toBe(1);
    expect((await recordsOf(project)).a).toMatchObject({
      inputs: { value: 1 },
      outputs: { value: 2, echo: 2 },
      initErrors: ["later"],
    });
  },

  "a logged error does not fail the run; an error of the program does, and its outputs are kept": async (open) => {
    const project = open().program(
      `new Thing("a", { value: 1, do: { logError: "just saying" } }); exports.said = "before";`,
    );
    const logged = await project.run("up");
    expect(diagnosticsOf(logged)).toEqual(["error: just saying"]);
    expect(logged.exitCode).toBe(0);
    const failed = await project
      .program(`
        new Thing("a", { value: 2 });
        // Without a stack: Node.js 20.20 takes a minute to colour frames of "node_modules/@pulumi/resource.ts".
        throw Object.assign(new Error("the program's own"), { stack: "" });
      `)
      .run("up");
    expect(failed.exitCode).toBe(1);
    expect(diagnosticsOf(failed).join()).toContain("the program's own");
    expect((await recordsOf(project))["things-dev"]?.outputs).toEqual({ said: "before" });
  },
});
