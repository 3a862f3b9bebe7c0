import { type Assumption, probeOf } from "../../acceptance/assumption";
import { ASSUMPTIONS } from "../../acceptance/assumptions/all";
import { connect } from "../../acceptance/connect";
import { acceptanceReport } from "../../acceptance/report";
import { type Result, runProbes } from "../../acceptance/run-probes";
import { parseProfile } from "../../emulator/profile";
import { Fixture } from "../../testing/fixture";

jest.setTimeout(120_000);

const ASKED = ASSUMPTIONS.filter((each) => probeOf(each) !== undefined);

const overridesOf = (overrides: readonly Assumption[]) => overrides.flatMap((each) => each.overrides ?? []);

/** The results of probes on an emulator with these assumptions overridden. */
async function ask(asked: readonly Assumption[], overridden: readonly Assumption[]): Promise<Result[]> {
  // Only a task that cannot be terminated has to end by itself.
  const taskMs = overridden.some(({ id }) => id.startsWith("rds-terminated")) ? 400 : 600_000;
  const fixture = await Fixture.open({ taskMs, profile: overridesOf(overridden) });
  try {
    const { emulator, env } = fixture;
    const { instanceId, bucket, region } = emulator;
    const backup = await fixture.backup("erp");
    const options = { instanceId, bucket, region, backup, spend: "tasks" as const, output: "", pollMs: 20 };
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

it("has unique ids, and each assumption names the consequence if it is false", () => {
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

const OVERRIDDEN = ASKED.filter(({ overrides }) => overrides !== undefined);

it.each(OVERRIDDEN.map((each) => [each.id, each] as const))(
  "the probe of %s sees the other answer",
  async (_id, each) => {
    expect(agreement(await ask([each], [each]))).toEqual({ [each.id]: false });
  },
);

const PAIRS = OVERRIDDEN.flatMap((one, index) => OVERRIDDEN.slice(index + 1).map((other) => [one, other] as const));

it("in pairs, no probe takes the other answer for the assumed one", async () => {
  for (const pair of PAIRS) {
    const results = await ask(pair, pair);
    expect(results.map(({ id }) => id)).toEqual(pair.map(({ id }) => id));
    // Where the import role is not trusted, no task shows anything.
    expect(results.filter(({ agrees }) => agrees === true).map(({ id }) => id)).toEqual([]);
  }
});

it("a report of answers that differ makes an emulator that answers so", async () => {
  const overridden = OVERRIDDEN.filter(({ id }) => ["rds-unknown-task", "rds-listed-at-once"].includes(id));
  const { emulator } = acceptanceReport(ASSUMPTIONS, await ask(ASKED, overridden), 0);
  expect(emulator).toEqual(overridesOf(overridden));
  expect(parseProfile(JSON.stringify({ emulator }))).toMatchObject(emulator);
});
