import { readFileSync } from "node:fs";
import { describeEachEngine } from "./each-engine";
import { callsOf, diagnosticsOf, recordsOf, stepsOf } from "./things-project";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describeEachEngine("changes", {
  "an unchanged resource keeps its outputs and takes the new inputs, whether the provider, the user or the engine decides":
    async (open) => {
      const project = open().program(`
      new Thing("silent", { value: 1, diff: "none" });
      new Thing("ignored", { value: 1 });
      new Thing("left", { value: 1, diff: "unset" });
      new Thing("compared", { value: 1, diff: "unset" });
      const a = new Thing("changed", { value: 1 });
      new Thing("follower", { value: a.count });
      exports.before = a.count;
    `);
      expect((await project.run("up")).exitCode).toBe(0);
      project.program(`
      new Thing("silent", { value: 2, diff: "none" });
      new Thing("ignored", { value: 2 }, { ignoreChanges: ["value"] });
      new Thing("left", { value: 1, diff: "unset" });
      new Thing("compared", { value: 2, diff: "unset" });
      const a = new Thing("changed", { value: 2 });
      new Thing("follower", { value: a.count });
      exports.before = a.count;
    `);
      const preview = await project.run("preview");
      expect(stepsOf(preview).sort()).toEqual(["update changed", "update compared", "update follower"]);
      // The outputs of an update are unknown at a preview.
      expect(preview.calls.find((call) => call.method === "check" && call.name === "follower")?.news?.value).toBe(
        UNKNOWN,
      );
      expect(callsOf(preview.calls, "update", "create")).toEqual([]);

      const up = await project.run("up");
      expect(stepsOf(up).sort()).toEqual(["update changed", "update compared", "update follower"]);
      expect(up.outputs).toEqual({ before: 2 });
      const records = await recordsOf(project);
      expect(records.silent).toMatchObject({ inputs: { value: 2 }, outputs: { echo: 1, value: 1 } });
      expect(records.ignored).toMatchObject({ inputs: { value: 1 }, outputs: { echo: 1 } });
      expect(records.changed).toMatchObject({
        inputs: { value: 2, checkedWith: "olds" },
        outputs: { echo: 2, count: 2 },
      });
      expect(records.follower).toMatchObject({ inputs: { value: 2 } });
      expect(records.changed?.modified).not.toBe(records.changed?.created);
    },

  "a resource stays the same when it or its parent is renamed with an alias": async (open) => {
    const project = open().program(`
      const group = new Group("g");
      const a = new Thing("a", { value: 1 }, { parent: group });
      new Thing("b", { value: a.echo });
    `);
    await project.run("up");
    project.program(`
      const group = new Group("h", { aliases: [{ name: "g" }] });
      const a = new Thing("a2", { value: 1, name: "a" }, { parent: group, aliases: [{ name: "a" }] });
      new Thing("b", { value: a.echo });
    `);
    const up = await project.run("up");
    expect(diagnosticsOf(up)).toEqual([]);
    expect(stepsOf(up)).toEqual([]);
    const records = await recordsOf(project);
    expect(Object.keys(records).sort()).toEqual(["a2", "b", "default", "h", "things-dev"]);
    expect(records.a2?.parent).toBe(records.h?.urn);
    expect(records.b?.dependencies).toEqual([records.a2?.urn]);
  },

  "two resources with the same name are refused": async (open) => {
    const twice = await open().program(`new Thing("a", {}); new Thing("a", {});`).run("preview");
    expect(diagnosticsOf(twice).join()).toContain("Duplicate resource URN");
    expect(twice.exitCode).toBe(1);
  },

  "hooks run before and after a step; a failing before hook stops the step, a failing after hook fails only the run":
    async (open) => {
      const project = open().program(`
      const { appendFileSync } = require("node:fs");
      const note = (name) => new pulumi.ResourceHook(name, ({ name: resource, id, newOutputs }) =>
        appendFileSync("hooks.txt", [name, resource, id, newOutputs?.count].join(" ") + "\\n"));
      const fail = (name, text) => new pulumi.ResourceHook(name, () => { throw new Error(text); });
      new Thing("a", { value: 1 }, { hooks: { beforeCreate: [note("before")], afterCreate: [note("after")] } });
      new Thing("late", { value: 1 }, { hooks: { afterCreate: [fail("complains", "too late")] } });
      new Thing("never", { value: 1 }, { hooks: { beforeCreate: [fail("refuses", "not today")] } });
    `);
      const preview = await project.run("preview");
      expect(preview.exitCode).toBe(0);
      const up = await project.run({ kind: "up", continueOnError: true });
      expect(up.exitCode).toBe(1);
      expect(readFileSync(project.file("hooks.txt"), "utf8")).toBe("before a  \nafter a id-a 1\n");
      expect(diagnosticsOf(up).join("\n")).toMatch(/before hook "refuses" failed: .*not today/);
      expect(diagnosticsOf(up).join("\n")).toMatch(/after hook "complains" failed: .*too late/);
      expect(callsOf(up.calls, "create").sort()).toEqual(["create a", "create late"]);
      expect(Object.keys(await recordsOf(project)).sort()).toEqual(["a", "default", "late", "things-dev"]);
    },

  "targets limit the changed resources": async (open) => {
    const project = open().program(`new Thing("a", { value: 1 }); new Thing("b", { value: 1 });`);
    await project.run("up");
    const { a } = await recordsOf(project);
    project.program(`new Thing("a", { value: 2 }); new Thing("b", { value: 2 }); new Thing("c", { value: 2 });`);
    const up = await project.run({ kind: "up", target: [a?.urn ?? ""] });
    expect(stepsOf(up)).toEqual(["update a"]);
    const records = await recordsOf(project);
    expect(records.b).toMatchObject({ inputs: { value: 1 } });
    expect(records.c).toBeUndefined();
  },
});
