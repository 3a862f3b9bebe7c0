import { findEngines } from "../../engine/find-engines";
import { ENGINE_TEST_TIMEOUT_MS } from "./each-engine";
import { callsOf, diagnosticsOf, stepsOf, ThingsProject } from "./things-project";

const engines = findEngines();
const pairs = engines.flatMap((from) => engines.map((to) => [from.name, to.name, from, to] as const));

describe("moving a state between engines", () => {
  test.concurrent.each(pairs.filter(([from, to]) => from !== to || engines.length === 1))(
    "a stack created by %s is unchanged for %s, which destroys it",
    async (_from, _to, from, to) => {
      const text = `
        const group = new Group("g");
        const a = new Thing("a", { value: 1 }, { parent: group });
        new Thing("b", { value: a.echo }, { dependsOn: [group] });
        exports.echo = a.echo;
      `;
      const old = new ThingsProject(from).program(text);
      const moved = new ThingsProject(to).program(text);
      try {
        const up = await old.run("up");
        expect(diagnosticsOf(up)).toEqual([]);
        const state = await from.exportState(old.workspace);
        await to.importState(moved.workspace, state);
        const preview = await moved.run({ kind: "preview", expectNoChanges: true });
        expect(diagnosticsOf(preview)).toEqual([]);
        expect(stepsOf(preview)).toEqual([]);
        expect(preview.exitCode).toBe(0);
        expect(preview.calls.find((call) => call.method === "diff" && call.name === "a")?.olds).toMatchObject({
          echo: 1,
        });
        const destroy = await moved.run("destroy");
        expect(callsOf(destroy.calls, "delete")).toEqual(["delete b", "delete a"]);
        expect(destroy.exitCode).toBe(0);
      } finally {
        old.remove();
        moved.remove();
      }
    },
    ENGINE_TEST_TIMEOUT_MS,
  );
});
