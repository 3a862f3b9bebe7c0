import { join } from "node:path";
import { ASSUMPTIONS } from "../../acceptance/assumptions/all";
import { type Assumption, probeOf, type Turn } from "../../acceptance/assumption";
import { connect } from "../../acceptance/connect";
import { type Result, runProbes } from "../../acceptance/run-probes";
import type { Emulator } from "../../emulator/emulator";
import { Fixture } from "../../testing/fixture";

jest.setTimeout(120_000);

const ASKED = ASSUMPTIONS.filter((each) => probeOf(each) !== undefined);

/** Makes an emulator answer otherwise, by the requests of its administration. */
async function turn(emulator: Emulator, turns: readonly Turn[]): Promise<void> {
  for (const each of turns) {
    const [path, body] = "control" in each ? ["control", each] : ["faults", each.fault];
    const reply = await fetch(`${emulator.endpoint}/__emulator/${path}`, { method: "POST", body: JSON.stringify(body) });
    expect([each, reply.status]).toEqual([each, 200]);
  }
}

/** The results of probes on an emulator with these assumptions turned. */
async function ask(asked: readonly Assumption[], turned: readonly Assumption[]): Promise<Result[]> {
  const fixture = await Fixture.open({ taskMs: 1_000 });
  try {
    const { emulator, env } = fixture;
    const { instanceId, bucket, region } = emulator;
    for (const each of turned) await turn(emulator, each.turned?.({ instanceId, bucket }) ?? []);
    const backup = await fixture.backup("erp");
    const options = { instanceId, bucket, region, backup, spend: "tasks" as const, output: "", pollMs: 50 };
    const connection = connect(options, { config: () => undefined, env: (name) => env[name] });
    const results = await runProbes(asked, connection, "tasks");
    expect(emulator.oss.objects(bucket)).toEqual([]);
    expect(emulator.journal.entries.filter(({ action }) => action === "DeleteDatabase")).toEqual([]);
    return results;
  } finally {
    await fixture.close();
  }
}

const agreement = (results: readonly Result[]) => Object.fromEntries(results.map(({ id, agrees }) => [id, agrees]));

it("has unique ids, and each assumption says what happens where it is false", () => {
  const ids = ASSUMPTIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { otherwise } of ASSUMPTIONS) expect(otherwise).toMatch(/\w.*\.$/);
});

it("the emulator agrees with every assumption that it can show", async () => {
  const results = await ask(ASKED, []);
  expect(results.map(({ id }) => id)).toEqual(ASKED.map(({ id }) => id));
  expect(results.filter(({ agrees }) => agrees !== true).map(({ id, seen }) => [id, seen])).toEqual([
    ["rds-files-refusal", expect.stringContaining("not shown by 2022")],
  ]);
});

const TURNED = ASKED.filter(({ turned }) => turned !== undefined);

it.each(TURNED.map((each) => [each.id, each] as const))("the probe of %s sees the other answer", async (_id, each) => {
  expect(agreement(await ask([each], [each]))).toEqual({ [each.id]: false });
});
