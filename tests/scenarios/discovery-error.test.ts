import { join } from "node:path";
import { hosts, openScenario, type Scenario } from "./harness";

jest.setTimeout(200_000);

describe.each(hosts)("with $title", (engine) => {
  let scenario: Scenario;
  beforeEach(async () => {
    scenario = await openScenario(engine, {}, "instance-program");
  });
  afterEach(() => scenario.close());

  test("a discovery error is the only error, though the program exports outputs, and is harmless to a terminal", async () => {
    const { instanceId: instance, bucket } = scenario.emulator;
    const backups = join(scenario.workspace.stateDir, "no-such\u001b[2J\n::error::folder");
    scenario.configure("instance", JSON.stringify({ instance, bucket, backups }));
    const { exitCode, diagnostics, stdout, stderr } = await scenario.run({ kind: "preview" });
    expect(exitCode).not.toBe(0);
    expect(`${stdout}\n${stderr}`).not.toMatch(/PromiseRejection|--trace-warnings/);
    expect(`${stdout}\n${stderr}`).not.toContain("\u001b[2J");
    expect(`${stdout}\n${stderr}`).not.toMatch(/^\s*::error/m);
    const kept = diagnostics.filter(({ ephemeral, message }) => !ephemeral && message.trim() !== "");
    expect(kept.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^BACKUPS_FOLDER_MISSING: .*\\x1b\[2J/s),
    ]);
  });
});
