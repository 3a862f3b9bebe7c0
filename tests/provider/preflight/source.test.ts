import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlainObject } from "../../../provider/model/plain";
import { baselineText, type GivenRecord, PLAIN_DATABASE, PLAIN_SERVER } from "../../../testing/baseline/baseline-text";
import { Fixture, messages, URN } from "../../../testing/fixture";
import { NO_BASELINE } from "../support/no-baseline";

const COLLATION = "SQL_Latin1_General_CP1_CI_AS";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

/** Output of `sql/baseline.sql` for a database that matches the instance, with changes. */
const baseline = (facts: Record<string, unknown> = {}, ...more: GivenRecord[]): string =>
  baselineText([PLAIN_SERVER, { ...PLAIN_DATABASE, collation: COLLATION, ...facts }, ...more]);

function save(text: string, name = "baseline.json"): string {
  const path = join(fixture.folder, name);
  writeFileSync(path, text);
  return path;
}

async function findings(args: PlainObject = {}) {
  const { failures, log } = await fixture.preview({ backup: await fixture.backup("erp.bak"), ...args });
  return { failures, warnings: messages(log, "warning"), notes: messages(log, "info") };
}

const NOTHING = { failures: [], warnings: [], notes: [] };

test("without a baseline: one note for all migrations of a run that its facts are not checked", async () => {
  const process = fixture.process();
  for (const databaseName of ["erp", "crm", "hr"]) {
    const backup = await fixture.backup(`${databaseName}.bak`, { databaseName });
    await fixture.preview({ backup, resourceUrn: URN.replace("::erp", `::${databaseName}`) }, undefined, process);
  }
  expect(messages(process.log, "info", "warning")).toEqual([NO_BASELINE]);
});

test("beside the backup, of a database without problems: no finding", async () => {
  save(baseline());
  expect(await findings()).toEqual(NOTHING);
});

test("it is read once for all migrations of a run, and names compare without case", async () => {
  save(baseline({ database: "ERP" }));
  const { session } = fixture.process();
  const path = join(fixture.folder, "baseline.json");
  expect(session.lookups.baseline(path)).toBe(session.lookups.baseline(path));
  expect(await findings()).toEqual(NOTHING);
});

describe("becomes findings", () => {
  test("an obstacle is an error of the preview, with its remedy", async () => {
    save(baseline({ isEncrypted: true }));
    expect(await findings()).toEqual({
      ...NOTHING,
      failures: [expect.stringMatching(/^SOURCE_ENCRYPTED: Database ERP: .*\(TDE\).*DROP DATABASE ENCRYPTION KEY/s)],
    });
  });

  test("features that the instance's edition lacks are an error; an edition with them gives no finding", async () => {
    save(baseline({}, { record: "editionFeature", database: "ERP", feature: "Partitioning" }));
    const backup = await fixture.backup("old.bak", { softwareVersion: { major: 11, minor: 0, build: 7001 } });
    for (const [engineVersion, codes] of [
      ["2012_web", [expect.stringMatching(/^SOURCE_EDITION_FEATURE: Database ERP: it uses Partitioning/)]],
      ["2012_ent_ha", []],
    ] as const) {
      await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, engineVersion });
      expect((await findings({ backup })).failures).toEqual(codes);
    }
  });

  test("an object that a backup does not contain is a warning", async () => {
    save(baseline({ isCdcEnabled: true }, { record: "job", database: "ERP", name: "nightly", isEnabled: true }));
    expect(await findings()).toEqual({
      ...NOTHING,
      warnings: [expect.stringMatching(/^SOURCE_CDC: Database ERP/), expect.stringMatching(/^SOURCE_JOBS: .*nightly/s)],
    });
  });

  test("another collation than the instance's is a warning; collations compare without case", async () => {
    save(baseline({ collation: "Chinese_PRC_CI_AS" }));
    expect((await findings()).warnings).toEqual([
      expect.stringMatching(
        /^COLLATION_DIFFERS: .*Chinese_PRC_CI_AS.*SQL_Latin1_General_CP1_CI_AS.*tempor.*error 468/s,
      ),
    ]);
    save(baseline({ collation: COLLATION.toLowerCase() }));
    expect(await findings()).toEqual(NOTHING);
  });

  test.each([
    [null, [], /^not checked: whether the collation of erp .*baseline does not contain it/s],
    [COLLATION, ["Collation"], /^not checked: whether the databases have the collation of .*service does not return/s],
  ])("a collation that is missing on one side (%s, %j) is not checked", async (collation, withheldAttributes, note) => {
    await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, withheldAttributes });
    save(baseline({ collation }));
    expect(await findings()).toEqual({ ...NOTHING, notes: [expect.stringMatching(note)] });
  });

  test("a database that is not in it is a warning; references to other databases in it are accepted", async () => {
    save(baseline({}, { record: "reference", database: "ERP", server: null, otherDatabase: "CRM", by: "[dbo].[v]" }));
    expect((await findings()).warnings).toEqual([expect.stringMatching(/^SOURCE_REFERENCES: .*CRM in/s)]);
    save(
      baseline(
        {},
        { record: "reference", database: "ERP", server: null, otherDatabase: "CRM", by: "[dbo].[v]" },
        { ...PLAIN_DATABASE, database: "CRM" },
      ),
    );
    expect(await findings()).toEqual(NOTHING);
    const backup = await fixture.backup("hr.bak", { databaseName: "hr" });
    expect((await findings({ backup })).warnings).toEqual([
      expect.stringMatching(/^SOURCE_NOT_IN_BASELINE: Database hr/),
    ]);
  });
});

test("the backup's header replaces facts of the baseline, which may be older", async () => {
  save(
    baselineText([
      { ...PLAIN_SERVER, productVersion: "17.0.1.1" },
      { ...PLAIN_DATABASE, collation: COLLATION, isReadOnly: true, state: "RESTORING" },
    ]),
  );
  expect(await findings()).toEqual(NOTHING);
  const manifest = {
    ...{ sizeBytes: 90_000, crc64: "1", backupSetGuid: "8D0E4E34-0C7B-4F5A-9D6E-0123456789AB" },
    ...{ backupStartDate: null, backupFinishDate: null },
  };
  const { failures, warnings } = await findings({
    backup: join(fixture.folder, "gone.bak"),
    databaseName: "erp",
    manifest,
  });
  expect(failures.map((failure) => failure.split(":")[0])).toEqual(["SOURCE_NOT_ONLINE", "SOURCE_NEWER"]);
  expect(warnings).toEqual([expect.stringMatching(/^SOURCE_NOT_WRITABLE/)]);
});

describe("named by the program", () => {
  test("is read from any path, also for a backup in the bucket", async () => {
    const path = save(baseline({ isEncrypted: true }), "of-sql01.json");
    const { bucket, oss } = fixture.emulator;
    await oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak"));
    const { failures } = await findings({ backup: `oss://${bucket}/erp.bak`, baseline: path });
    expect(failures).toEqual([expect.stringMatching(/^SOURCE_ENCRYPTED/)]);
  });

  test("and missing or invalid is an error", async () => {
    const missing = join(fixture.folder, "gone.json");
    expect((await findings({ baseline: missing })).failures).toEqual([
      expect.stringMatching(/^BASELINE_MISSING: .*gone\.json.*sql\/baseline\.sql/s),
    ]);
    const other = save('{"name":"erp"}', "package.json");
    expect((await findings({ baseline: other })).failures).toEqual([
      expect.stringMatching(/^BASELINE_INVALID: .*package\.json .*not the output of baseline\.sql/s),
    ]);
  });
});

test.each(["", "<html>", '{"a":', '{"format":"sqlserver-baseline","version":2,"script":"baseline","records":[]}'])(
  "an invalid baseline beside the backup (%j) is a warning that names it",
  async (text) => {
    save(text);
    const { failures, warnings, notes } = await findings();
    expect(failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^not checked: the baseline of the source\.\nBASELINE_.*baseline\.json/),
    ]);
    expect(notes).toEqual([NO_BASELINE]);
  },
);

test("is not read for a migration that exists or is adopted", async () => {
  const args = { backup: await fixture.backup("erp.bak") };
  const done = await fixture.up(args);
  save(baseline({ isEncrypted: true }));
  expect((await fixture.preview(args, done)).failures).toEqual([]);
  expect(await findings({ ...args, adopt: true })).toEqual(NOTHING);
});
