import { describeEachEngine } from "./each-engine";
import { callsOf, diagnosticsOf, recordsOf, stepsOf } from "./things-project";

describeEachEngine("refreshes", {
  "a missing resource leaves the state, and drift is recorded and diffed in reverse": async (open) => {
    const project = open().program(`
      const gone = new Thing("gone", { value: 1 });
      new Thing("orphan", { value: 1 }, { dependsOn: [gone] });
      new Thing("moved", { value: 1 });
      new Thing("quiet", { value: 1 });
    `);
    await project.run("up");
    project.world({ "id-gone": null, "id-moved": { value: 5 }, "id-quiet": { count: 7 } });
    const refresh = await project.run({ kind: "refresh", expectNoChanges: true });
    expect(stepsOf(refresh).sort()).toEqual(["delete gone", "update moved"]);
    expect(refresh.changes).toEqual({ same: 3, delete: 1, update: 1 });
    const diff = refresh.calls.find((call) => call.method === "diff" && call.name === "moved");
    expect([diff?.olds?.value, diff?.news?.value]).toEqual([5, 1]);
    const records = await recordsOf(project);
    expect(Object.keys(records).sort()).toEqual(["default", "moved", "orphan", "quiet", "things-dev"]);
    expect(records.orphan?.dependencies ?? []).toEqual([]);
    expect(records.quiet).toMatchObject({ outputs: { count: 7 } });
    expect(records.moved).toMatchObject({ inputs: { value: 1 }, outputs: { value: 5 } });
    expect(refresh.exitCode).toBe(7);

    const up = await project.world({}).run({ kind: "up", refresh: true });
    expect(up.exitCode).toBe(0);
    expect(
      stepsOf(up)
        .filter((step) => !step.startsWith("refresh"))
        .sort(),
    ).toEqual(["create gone", "update moved"]);
    expect(callsOf(up.calls, "read").length).toBe(3);
  },

  "a refresh clears init errors, and a failing read fails the run without stopping other reads": async (open) => {
    const project = open().program(`
      new Thing("a", { value: 1, diff: "none", do: { initErrors: ["not ready"] } });
      new Thing("b", { value: 1 });
    `);
    await project.run("up");
    project.world({ "id-b": { fail: "out of reach" } });
    const failed = await project.run("refresh");
    expect(failed.exitCode).toBe(1);
    expect(callsOf(failed.calls, "read").sort()).toEqual(["read a", "read b"]);
    expect(diagnosticsOf(failed)).toContain("error: out of reach");
    project.world({});
    await project.run("refresh");
    expect((await recordsOf(project)).a).not.toHaveProperty("initErrors");
  },

  "an update with expectNoChanges applies the changes and exits with 7": async (open) => {
    const project = open().program(`new Thing("a", { value: 1 });`);
    const up = await project.run({ kind: "up", expectNoChanges: true });
    expect(up.exitCode).toBe(7);
    expect(callsOf(up.calls, "create")).toEqual(["create a"]);
  },
});
