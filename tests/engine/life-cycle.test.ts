import { describeEachEngine } from "./each-engine";
import { callsOf, diagnosticsOf, stepsOf } from "./things-project";

describeEachEngine("the life cycle of a stack", {
  "a resource is previewed, created, found unchanged, refreshed and destroyed": async (open) => {
    const project = open({ config: { greeting: "moin" }, secrets: { word: "hush" } }).program(`
      const config = new pulumi.Config();
      const a = new Thing("a", { value: 1, word: config.requireSecret("word") });
      const group = new Group("g");
      const b = new Thing("b", { value: a.echo, other: a.id, do: { status: "working", warn: "careful" },
        resourceUrn: new Promise((done) => pulumi.createUrn("b", "pulumi-nodejs:dynamic/things:Thing", group).apply(done)) }, { parent: group });
      exports.echo = b.echo;
      exports.word = a.word;
    `);

    const preview = await project.run("preview");
    expect(preview.exitCode).toBe(0);
    expect(stepsOf(preview).sort()).toEqual(["create a", "create b", "create g"]);
    expect(callsOf(preview.calls, "create")).toEqual([]);
    // An unknown value of any type is one well-known string.
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(preview.calls.find((call) => call.name === "b")?.news).toMatchObject({ value: unknown, other: unknown });
    expect(preview.changes).toEqual({ create: 4 });
    expect(preview.outputs).toEqual({ echo: "[unknown]", word: "[secret]" });

    const up = await project.run("up");
    expect(up.exitCode).toBe(0);
    expect(callsOf(up.calls, "check", "create")).toEqual(["check a", "create a", "check b", "create b"]);
    expect(up.calls.find((call) => call.method === "create" && call.name === "b")?.inputs).toMatchObject({
      value: 1,
      other: "id-a",
    });
    expect(up.outputs).toEqual({ echo: 1, word: "[secret]" });
    expect(diagnosticsOf(up)).toEqual(["warning: careful"]);
    expect(
      up.diagnostics.filter((row) => row.ephemeral).map((row) => [row.message, row.urn.split("::").at(-1)]),
    ).toEqual([["working", "b"]]);
    const state = await project.engine.exportState(project.workspace);
    const text = JSON.stringify(state);
    expect(text).not.toContain("hush");
    const a = state.deployment.resources?.find((resource) => resource.urn.endsWith("::a"));
    expect(a).toMatchObject({
      id: "id-a",
      custom: true,
      outputs: { echo: 1, greeting: "moin", checkedWith: "nothing" },
    });

    const again = await project.run({ kind: "preview", expectNoChanges: true });
    expect(again.exitCode).toBe(0);
    expect(stepsOf(again)).toEqual([]);
    expect(again.changes).toEqual({ same: 4 });
    // check receives the old inputs, diff the old outputs.
    expect(again.calls.find((call) => call.method === "check")?.olds).not.toHaveProperty("count");
    expect(again.calls.find((call) => call.method === "diff")?.olds).toMatchObject({ count: 1, word: "hush" });

    const refresh = await project.run("refresh");
    expect(refresh.exitCode).toBe(0);
    expect(refresh.changes).toEqual({ same: 4 });
    expect(callsOf(refresh.calls, "read").sort()).toEqual(["read a", "read b"]);

    const destroy = await project.run("destroy");
    expect(destroy.exitCode).toBe(0);
    expect(callsOf(destroy.calls, "delete")).toEqual(["delete b", "delete a"]);
    expect((await project.engine.exportState(project.workspace)).deployment.resources ?? []).toEqual([]);
  },
});
