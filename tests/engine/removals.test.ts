import { describeEachEngine } from "./each-engine";
import { callsOf, diagnosticsOf, recordsOf, stepsOf } from "./things-project";

describeEachEngine("removals", {
  "undeclared resources are deleted, dependents first; some only leave the state": async (open) => {
    const project = open().program(`
      const a = new Thing("a", { value: 1 });
      const b = new Thing("b", { value: a.echo });
      new Thing("c", { value: 1 }, { dependsOn: [b] });
      new Thing("kept", { value: 1 }, { retainOnDelete: true });
      new Thing("stays", { value: 1 });
    `);
    await project.run("up");
    project.program(`new Thing("stays", { value: 1 });`);
    const up = await project.run("up");
    expect(up.exitCode).toBe(0);
    expect(callsOf(up.calls, "delete")).toEqual(["delete c", "delete b", "delete a"]);
    expect(Object.keys(await recordsOf(project)).sort()).toEqual(["default", "stays", "things-dev"]);
  },

  "a protected resource and its dependencies stay; the others are deleted": async (open) => {
    const project = open().program(`
      const a = new Thing("a", { value: 1 });
      new Thing("b", { value: a.echo }, { protect: true });
      new Thing("c", { value: 1 });
    `);
    await project.run("up");
    const destroy = await project.run("destroy");
    expect(destroy.exitCode).toBe(1);
    expect(diagnosticsOf(destroy).join()).toMatch(/resource "urn:.*::b" cannot be deleted\s+because it is protected/);
    expect(callsOf(destroy.calls, "delete")).toEqual(["delete c"]);
    expect(Object.keys(await recordsOf(project)).sort()).toEqual(["a", "b", "default", "things-dev"]);
  },

  "a failed delete keeps the resource and stops the rest; the next destroy completes": async (open) => {
    const project = open().program(`
      const a = new Thing("a", { value: 1 });
      new Thing("b", { value: a.echo });
    `);
    await project.run("up");
    project.world({ "id-b": { failDelete: "still in use" } });
    const failed = await project.run("destroy");
    expect(failed.exitCode).toBe(1);
    expect(stepsOf(failed)).toEqual(["delete b failed"]);
    expect(diagnosticsOf(failed)).toContain("error: still in use");
    expect(Object.keys(await recordsOf(project)).sort()).toEqual(["a", "b", "default", "things-dev"]);
    project.world({});
    // The preview before it does not call the provider.
    const destroy = await project.run({ kind: "destroy", previewFirst: true });
    expect(destroy.exitCode).toBe(0);
    expect(callsOf(destroy.calls, "delete")).toEqual(["delete b", "delete a"]);
  },
});
