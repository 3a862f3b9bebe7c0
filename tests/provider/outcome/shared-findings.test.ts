import { componentUrn } from "../../../provider/outcome/shared-findings";
import { Fixture } from "../../../testing/fixture";
import { COMPONENT_URN, OUTCOME_URN, runInstance, urnOf } from "../support/instance-fixture";
import { NO_BASELINE } from "../support/no-baseline";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

async function databases(...names: string[]) {
  const entries = names.map(async (name) => {
    const backup = await fixture.backup(`${name}.bak`, { databaseName: name });
    return [name, { backup }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The findings of a run: neither the outcome's own lines nor those about uploads and tasks. */
const rows = ({ log }: Awaited<ReturnType<typeof runInstance>>) =>
  log
    .filter(({ urn, message }) => urn === COMPONENT_URN || /^not checked|^[A-Z_]+: /.test(message))
    .map(({ urn, message }) => ({ urn, message }));

test("findings about all databases are logged once, under the InstanceMigration, the same at preview and up", async () => {
  const { instanceId, rds } = fixture.emulator;
  await rds.setInstance({ id: instanceId, withheldAttributes: ["DBMaxQuantity"] });
  const args = { databases: await databases("crm", "erp", "hr", "web") };
  const expected = [
    {
      urn: COMPONENT_URN,
      message: expect.stringMatching(/^not checked: how many databases rm-\S+ takes\. The service/),
    },
    { urn: COMPONENT_URN, message: NO_BASELINE },
  ];
  const previewed = await runInstance(fixture, args, { preview: true });
  expect(rows(previewed)).toEqual(expected);
  const up = await runInstance(fixture, args);
  expect(rows(up)).toEqual(expected);
  for (const { message } of rows(up)) expect(message.split("\n")[0]?.length).toBeLessThanOrEqual(100);
});

test("two InstanceMigrations of one program do not share their findings", async () => {
  const process = fixture.process();
  const [one = {}, other = {}] = [await databases("crm"), await databases("erp")];
  await runInstance(fixture, { databases: one }, { preview: true, process });
  await runInstance(fixture, { databases: other }, { preview: true, process });
  expect(
    rows({ ...(await runInstance(fixture, { databases: {} }, { preview: true, process })) }).map(({ urn }) => urn),
  ).toEqual([COMPONENT_URN, COMPONENT_URN]);
});

test("of the maintenance warnings of several databases, only the one of the longest restore is logged", async () => {
  const process = fixture.process();
  const { run } = process.session;
  const near = (weight: number) =>
    ({
      severity: "warning",
      code: "MAINTENANCE_NEAR",
      message: `MAINTENANCE_NEAR: ${weight}`,
      isShared: true,
      weight,
    }) as const;
  run.sharedFindings.set(urnOf("a"), [near(2)]);
  run.sharedFindings.set(urnOf("b"), [near(3)]);
  run.sharedFindings.set(urnOf("c"), [near(1)]);
  const shown = await runInstance(fixture, { databases: await databases("a", "b", "c") }, { preview: true, process });
  expect(rows(shown).filter(({ message }) => message.startsWith("MAINT"))).toEqual([
    { urn: COMPONENT_URN, message: "MAINTENANCE_NEAR: 3" },
  ]);
});

test("the URN of the InstanceMigration follows from the outcome's; another parent is not guessed", () => {
  expect(componentUrn(OUTCOME_URN)).toBe(COMPONENT_URN);
  const nested = OUTCOME_URN.replace("::sqlserver-migration", "::app:index:App$sqlserver-migration");
  expect(componentUrn(nested)).toBe(
    COMPONENT_URN.replace("::sqlserver-migration", "::app:index:App$sqlserver-migration"),
  );
  const alone = "urn:pulumi:test::demo::pulumi-nodejs:dynamic/sqlserver:MigrationOutcome::erp-outcome";
  expect(componentUrn(alone)).toBe(alone);
  const renamed = `${OUTCOME_URN}-2`;
  expect(componentUrn(renamed)).toBe(renamed);
});
