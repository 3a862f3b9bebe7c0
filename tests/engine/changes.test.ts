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

  "two resources with the same name are refused": async (open) => {
    const twice = await open().program(`new Thing("a", {}); new Thing("a", {});`).run("preview");
    expect(diagnosticsOf(twice).join()).toContain("Duplicate resource URN");
    expect(twice.exitCode).toBe(1);
  },
});
