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
    const first = await project.run({ kind: "up", parallel: 1 });
    // One slot: each create ends before the next begins.
    const calls = callsOf(first.calls, "create", "created").map((call) => call.split(" ")[0]);
    expect(calls).toEqual(Array(4).fill(["create", "created"]).flat());
    const preview = await project.program(program(2)).run("preview");
    expect(preview.changes).toEqual({ same: 1, replace: 4 });
    expect(callsOf(preview.calls, "create", "delete")).toEqual([]);
    const up = await project.run({ kind: "up", parallel: 1 });
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

  "a trigger, --replace and dependents replace too": async (open) => {
    const program = (trigger: string, first: string) => `
      const a = new Thing("a", { value: 1 }, { deleteBeforeReplace: true, replacementTrigger: "${trigger}" });
      const follower = new Thing("follower", { value: a.id, replaces: ["value"] });
      new Thing("loose", { value: 1 }, { dependsOn: [a] });
      new Thing("asked", { value: 1 });
      // A trigger that is set for the first time does not fire.
      new Thing("quiet", { value: 1 }, { ${first} });
    `;
    const project = open().program(program("one", ""));
    await project.run("up");
    const { asked } = await recordsOf(project);
    const up = await project
      .program(program("two", `replacementTrigger: "one"`))
      .run({ kind: "up", replace: [asked?.urn ?? ""], parallel: 1 });
    expect(diagnosticsOf(up)).toEqual([]);
    expect(madeOf(up.calls, "quiet")).toEqual([]);
    const made = callsOf(up.calls, "create", "delete");
    expect(made.filter((call) => !call.endsWith("asked"))).toEqual([
      "delete follower",
      "delete a",
      "create a",
      "create follower",
    ]);
    expect(madeOf(up.calls, "asked")).toEqual(["create", "delete"]);
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
