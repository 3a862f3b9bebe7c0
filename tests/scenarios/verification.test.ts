import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kindOfType } from "../../provider/model/resource-type";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE } from "../../testing/baseline/baseline-text";
import { hosts, messages, openScenario, type Scenario } from "./harness";

jest.setTimeout(180_000);

const rows = (count: number): string =>
  baselineText([PLAIN_DATABASE, PLAIN_CONTENTS, { record: "table", database: "ERP", name: "[dbo].[a]", rows: count }]);
describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  let folder: string;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "verification-program");
    folder = mkdtempSync(join(tmpdir(), "verification-"));
  });
  afterEach(async () => {
    await scenario.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("what depends on a verification is created only when it passes", async () => {
    const { configure, run, workspace } = scenario;
    const [source, target] = [join(folder, "baseline.json"), join(folder, "verify.json")];
    const declare = (more: object): void => configure("verification", JSON.stringify({ source, target, ...more }));
    const recorded = async (): Promise<string[]> => {
      const { deployment } = await engine.exportState(workspace);
      return (deployment.resources ?? [])
        .filter(({ type }) => kindOfType(type) !== undefined)
        .map(({ urn }) => urn.split("::").at(-1) ?? "");
    };
    declare({});
    writeFileSync(source, rows(5));
    writeFileSync(target, rows(4));
    const failed = await run({ kind: "up" });
    expect(failed.exitCode).not.toBe(0);
    expect(messages(failed)).toMatch(/VERIFICATION_FAILED: 1 difference(.|\n)*ERP\/rows\/\[dbo\]\.\[a\]: 5 before, 4/);
    expect(await recorded()).toEqual(["before"]);

    declare({ acceptedDifferences: ["ERP/rows/[dbo].[a]"] });
    const passed = await run({ kind: "up" });
    expect({ exitCode: passed.exitCode, messages: messages(passed) }).toMatchObject({ exitCode: 0 });
    expect(await recorded()).toEqual(["before", "verified", "application"]);
    expect(passed.outputs.counts).toMatchObject({ databases: 1, accepted: 1 });
    expect((await run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);
  });
});
