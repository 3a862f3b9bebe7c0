import { everyEngine, messages, openScenario } from "./harness";

jest.setTimeout(120_000);

const cli = everyEngine.find(({ name }) => name === "pulumi");
const standIn = everyEngine.find(({ name }) => name === "stand-in");

(cli ? test : test.skip)(
  "pulumi stack import accepts the stand-in's state, and the preview shows no changes",
  async () => {
    if (cli === undefined || standIn === undefined) throw new Error("both engines are needed");
    const scenario = await openScenario(standIn);
    try {
      const { declare, backup, run, workspace, count } = scenario;
      declare({ erp: { backup: await backup("erp"), underComponent: true } });
      expect((await run({ kind: "up" })).exitCode).toBe(0);

      await cli.importState(workspace, await standIn.exportState(workspace));
      const preview = await cli.run({ kind: "preview", expectNoChanges: true }, workspace);
      expect(messages(preview)).toBe("");
      expect(preview.exitCode).toBe(0);
      expect((await cli.run({ kind: "destroy" }, workspace)).exitCode).toBe(0);
      expect(count("CreateMigrateTask")).toBe(1);
    } finally {
      await scenario.close();
    }
  },
);
