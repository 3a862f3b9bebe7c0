import { describeEachEngine } from "./each-engine";
import { type Call, callsOf, diagnosticsOf, recordsOf } from "./things-project";

const madeOf = (calls: readonly Call[], name: string): string[] =>
  calls.filter((call) => call.name === name && ["create", "delete"].includes(call.method)).map((call) => call.method);

describeEachEngine("replacements", {
  "the new resource is created before the old one is deleted, or after it with deleteBeforeReplace": async (open) => {
    const program = (value: number) => `
      new Thing("a", { value: ${value}, do: { delayMs: 50 }, replaces: ["value"] });
      new Thing("b", { value: ${value}, replaces: ["value"], deleteFirst: true });
      new Thing("c", { value: ${value}, replaces: ["value"] }, { deleteBeforeReplace: true });
      new Thing("d", { value: ${value}, replaces: ["value"], deleteFirst: true }, { deleteBeforeReplace: false });
    `;
    const project = open().program(program(1));
    await project.run("up");
    const preview = await project.program(program(2)).run("preview");
    expect(preview.changes).toEqual({ same: 1, replace: 4 });
    expect(callsOf(preview.calls, "create", "delete")).toEqual([]);
    const up = await project.run("up");
    expect(up.exitCode).toBe(0);
    expect(madeOf(up.calls, "a")).toEqual(["create", "delete"]);
    expect(madeOf(up.calls, "b")).toEqual(["delete", "create"]);
    expect(madeOf(up.calls, "c")).toEqual(["delete", "create"]);
    expect(madeOf(up.calls, "d")).toEqual(["create", "delete"]);
    // The second check has no old inputs, because values carried over from them are no longer valid.
    const checks = up.calls.filter((call) => call.method === "check" && call.name === "a");
    expect(checks.map((call) => Object.keys(call.olds ?? {}).length > 0)).toEqual([true, false]);
    expect((await recordsOf(project)).a?.inputs).toMatchObject({ value: 2, checkedWith: "nothing" });
    expect(up.steps.find((step) => step.op === "replace" && step.name === "a")?.replaceKeys).toEqual(["value"]);
  },

  "--replace and dependents replace too": async (open) => {
    const project = open().program(`
      const a = new Thing("a", { value: 1 }, { deleteBeforeReplace: true });
      new Thing("follower", { value: a.id, replaces: ["value"] });
      new Thing("loose", { value: 1 }, { dependsOn: [a] });
    `);
    await project.run("up");
    const { a } = await recordsOf(project);
    const up = await project.run({ kind: "up", replace: [a?.urn ?? ""] });
    expect(diagnosticsOf(up)).toEqual([]);
    expect(callsOf(up.calls, "create", "delete")).toEqual([
      "delete follower",
      "delete a",
      "create a",
      "create follower",
    ]);
    expect(callsOf(up.calls, "diff")).toContain("diff follower");
    expect(callsOf(up.calls, "diff")).not.toContain("diff a");
  },

  "a protected resource is not replaced": async (open) => {
    const program = (value: number) => `new Thing("a", { value: ${value}, replaces: ["value"] }, { protect: true });`;
    const project = open().program(program(1));
    await project.run("up");
    const up = await project.program(program(2)).run("up");
    expect(up.exitCode).toBe(1);
    expect(diagnosticsOf(up).join()).toMatch(
      /unable to replace resource "urn:.*::a"\s+as it is currently marked for protection/,
    );
    expect(callsOf(up.calls, "create", "delete")).toEqual([]);
  },

  "a replacement whose create failed is continued without a second delete": async (open) => {
    const program = (value: number, todo: string) =>
      `new Thing("a", { value: ${value}, replaces: ["value"], deleteFirst: true, do: { ${todo} } });`;
    const project = open().program(program(1, ""));
    await project.run("up");
    const failed = await project.program(program(2, `create: "no room"`)).run("up");
    expect(callsOf(failed.calls, "delete", "create")).toEqual(["delete a", "create a"]);
    expect((await recordsOf(project)).a).toMatchObject({ pendingReplacement: true });
    const again = await project.program(program(2, "")).run("up");
    expect(again.exitCode).toBe(0);
    expect(callsOf(again.calls, "delete", "create")).toEqual(["create a"]);
    expect((await recordsOf(project)).a).not.toHaveProperty("pendingReplacement");
  },
});
