import { ASSUMPTIONS } from "../../acceptance/assumptions/all";
import { Fixture } from "../../testing/fixture";

jest.setTimeout(120_000);

/** The promises that hold whatever the service answers. */
it.each(ASSUMPTIONS.filter(({ overrides }) => overrides !== undefined).map((each) => [each.id, each] as const))(
  "where %s is false, a lost reply leads to one task, and no database is dropped",
  async (_id, { overrides }) => {
    const fixture = await Fixture.open({ profile: overrides });
    try {
      const { emulator } = fixture;
      emulator.faults.add({
        ...{ match: { action: "CreateMigrateTask" }, times: 1 },
        effect: { kind: "reset", at: "after" },
      });
      const args = { backup: await fixture.backup("erp.bak") };
      const first = await fixture.up(args).catch((error: Error) => error);
      if (!(first instanceof Error)) await fixture.up(args, first).catch((error: Error) => error);
      expect((await fixture.tasks()).length).toBeLessThanOrEqual(1);
      expect(emulator.journal.entries.filter(({ action }) => action === "DeleteDatabase")).toEqual([]);
    } finally {
      await fixture.close();
    }
  },
);
