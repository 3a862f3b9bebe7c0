import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { type DatabaseOverrides, InstanceMigration } from "../../components";
import { readEntry } from "../../provider/backup/bakinfo-entry";
import { planChains } from "../../provider/backup/chain";
import { buildManifest, manifestText, parseManifest } from "../../provider/backup/manifest";
import { openBackup } from "../../provider/backup-files/list-backup-files";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import { type ManifestFacts, manifestFactsSchema } from "../../provider/model/manifest-facts";
import type { PlainObject } from "../../provider/model/plain";
import { MIGRATION_TYPE } from "../../provider/model/provider-text";
import { specimens } from "../../testing/backup-writer/specimens";
import { type BackupSpec, backupBytes } from "../../testing/backup-writer/write-backup";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "../../testing/baseline/baseline-text";
import { Fixture } from "../../testing/fixture";

type Fact = keyof ManifestFacts;

/** A backup of the database erp, and how the program migrates it. */
interface Specimen {
  name?: string;
  spec?: Partial<BackupSpec>;
  overrides?: DatabaseOverrides;
  /** Too large to be read to its end, so that `bakinfo` cannot compute its CRC-64. */
  isHuge?: boolean;
  /** No migration takes the file, so that `bakinfo` refuses to write an entry for it. */
  isRefused?: boolean;
}

const GIB = 2 ** 30;
const filesOf = (dataGib: number, logGib: number): NonNullable<BackupSpec["files"]> => [
  { LogicalName: "data", PhysicalName: "D:\\data.mdf", Type: "D", Size: dataGib * GIB },
  { LogicalName: "log", PhysicalName: "D:\\log.ldf", Type: "L", Size: logGib * GIB },
];

/** For each fact, backups whose preview depends on it, on an instance of SQL Server 2019 with a disk of 100 GiB. */
const SPECIMENS: Record<Fact, Specimen[]> = {
  database: [{ overrides: { databaseName: "sales" } }],
  sizeBytes: [{}, { spec: { dataBytes: 3.1e12 }, isHuge: true }, { spec: { dataBytes: 3 * 2 ** 40 }, isHuge: true }],
  crc64: [{}],
  backupSetGuid: [{}],
  backupStartDate: [{ name: "erp_FULL_20010101000000.bak" }, { name: "erp_LOG_20240501020000.bak" }],
  backupFinishDate: [{}],
  databaseVersion: [
    { spec: { softwareVersion: { major: 16, minor: 0, build: 1000 } } },
    { spec: { databaseVersion: 539 }, isRefused: true },
  ],
  // A Managed Instance: a database version above that of the software's release.
  softwareMajor: [{ spec: { databaseVersion: 957, softwareVersion: { major: 12, minor: 0, build: 2000 } } }],
  restoredBytes: [{ spec: { files: filesOf(101, 1) } }],
  restoredDataBytes: [
    { spec: { files: filesOf(101, 1) } },
    { spec: { files: filesOf(80, 0) } },
    { spec: { files: [] } },
  ],
  restoredLogBytes: [{ spec: { files: filesOf(50, 80) } }],
  recoveryModel: [
    { spec: { recoveryModel: "SIMPLE" }, overrides: { phase: "restoring" } },
    { spec: { recoveryModel: "BULK-LOGGED" }, overrides: { phase: "restoring" } },
  ],
  isCopyOnly: [{ name: "S$I_erp_FULL_COPY_ONLY_20240501_020000.bak" }],
  isReadOnly: [{ spec: { isReadOnly: true } }],
  isSingleUser: [{ spec: { isSingleUser: true } }],
  isDamaged: [{ spec: { isDamaged: true }, isRefused: true }],
  isPasswordProtected: [{ spec: { isPasswordProtected: true }, isRefused: true }],
  isMediaPasswordProtected: [{ spec: { isMediaPasswordProtected: true }, isRefused: true }],
  otherFiles: [
    { spec: { files: [...filesOf(1, 1), { LogicalName: "docs", PhysicalName: "D:\\fs", Type: "S", Size: 0 }] } },
  ],
};

/** Facts that a preview does not use. */
const USED_ELSEWHERE: Partial<Record<Fact, string>> = {
  crc64: "compared with the object at up",
  restoredBytes: "used for manifests of 0.1.0, which have no restoredDataBytes",
};

let fixture: Fixture;
let registered: PlainObject[];

beforeEach(async () => {
  fixture = await Fixture.open();
  const { rds, instanceId } = fixture.emulator;
  // The maintenance window is always open, so that the time of day does not matter.
  const maintainTime = "00:00Z-23:59Z";
  await rds.setInstance({ id: instanceId, engineVersion: "2019_std_ha", storageGb: 100, maintainTime });
  mkdirSync(join(fixture.folder, "backups"));
  const database = { ...PLAIN_DATABASE, database: "erp", recoveryModel: "SIMPLE" };
  writeFileSync(
    join(fixture.folder, "baseline.json"),
    baselineText([PLAIN_SERVER, database, { ...PLAIN_CONTENTS, database: "erp" }]),
  );
  pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        if (type === MIGRATION_TYPE) registered.push(inputs);
        return { id: `${name}-id`, state: { ...inputs, summary: [] } };
      },
    },
    "demo",
    "test",
    false,
  );
});
afterEach(async () => {
  await pulumi.runtime.disconnect();
  await fixture.close();
});

/** Writes a backup and the manifest that `bakinfo` makes of it. */
async function writeSpecimen({ name = "erp.bak", spec, isHuge = false, isRefused = false }: Specimen) {
  const backup = await fixture.backup(join("backups", name), spec, isHuge);
  const manifest = join(fixture.folder, "backups.json");
  if (!isHuge) {
    const { status, errors } = await runBakinfo(manifest);
    expect({ status, hasErrors: errors.length > 0 }).toEqual({ status: isRefused ? 1 : 0, hasErrors: isRefused });
  }
  if (isHuge || isRefused) {
    expect(existsSync(manifest)).toBe(false);
    const read = await readEntry(backup, (file) => openBackup(file, noStore), { deep: false });
    const facts = { file: `backups/${name}`, sizeBytes: read.backup.sizeBytes, crc64: "1" };
    writeFileSync(manifest, manifestText(await buildManifest(planChains([read]), async () => facts)));
  }
  return { backup, manifest };
}

/** Runs `bakinfo --manifest` over the folder of the backups. */
async function runBakinfo(manifest: string): Promise<{ status: number; errors: string[] }> {
  const errors: string[] = [];
  const err = (text: string) => errors.push(text);
  const console = { out: () => undefined, err, env: () => undefined };
  const status = await bakinfo([join(fixture.folder, "backups"), "--manifest", manifest], console);
  return { status, errors: errors.filter((line) => line.includes("error")) };
}

const noStore = (): never => {
  throw new Error("the backup is a local file");
};

/** The inputs of the migration that an InstanceMigration declares. */
async function declaredInputs(manifest: string, { overrides }: Specimen = {}): Promise<PlainObject> {
  registered = [];
  const { instanceId: instance, bucket } = fixture.emulator;
  const component = new InstanceMigration("sql01", {
    ...{ instance, bucket, backups: manifest, overrides: overrides && { erp: overrides } },
  });
  await new Promise((resolve) => component.summary.apply(resolve));
  const { __provider, resourceUrn, deferred, ...inputs } = registered[0] ?? {};
  return inputs;
}

/**
 * What a preview finds and which inputs it derives. Without the file it also notes that it uses the entry, and it cannot
 * plan a chain: a manifest holds neither the server nor the family of the database.
 */
async function preview(inputs: PlainObject) {
  const process = fixture.process();
  const { failures, inputs: checked, log } = await fixture.preview(inputs, undefined, process);
  const { manifest, chainStart, chainEnd, ...derived } = checked;
  const findings = log.map(({ message }) => message).filter((text) => !text.includes("Its manifest entry is used"));
  const dataAsOf = [...process.session.run.dataAsOf.values()];
  return { failures, findings, derived, dataAsOf };
}

describe.each(Object.keys(manifestFactsSchema.shape) as Fact[])("the fact %s of a manifest entry", (fact) => {
  test.each(SPECIMENS[fact])("gives the same preview with and without the file: %j", async (specimen) => {
    const { backup, manifest } = await writeSpecimen(specimen);
    const [written] = parseManifest(readFileSync(manifest, "utf8"), manifest).databases;
    const inputs = await declaredInputs(manifest, specimen);
    const entry: PlainObject = { ...written?.backup, database: written?.database };
    expect((inputs.manifest as PlainObject)[fact]).toEqual(entry[fact]);
    expect(entry[fact]).toBeDefined();

    const { manifest: _entry, ...withoutEntry } = inputs;
    const withFile = await preview(withoutEntry);
    expect(await preview(inputs)).toEqual(withFile);
    rmSync(backup);
    expect(await preview(inputs)).toEqual(withFile);
  });

  const isUsed = USED_ELSEWHERE[fact] === undefined;
  test(isUsed ? "counts at preview" : `is not used by a preview: ${USED_ELSEWHERE[fact]}`, async () => {
    const specimen = SPECIMENS[fact][0] ?? {};
    const { backup, manifest } = await writeSpecimen(specimen);
    const inputs = await declaredInputs(manifest, specimen);
    rmSync(backup);
    const { [fact]: _removed, ...others } = inputs.manifest as PlainObject;
    const changed = fact === "crc64" ? { ...others, crc64: "1" } : others;
    const isSame = isEqual(await preview(inputs), await preview({ ...inputs, manifest: changed }));
    expect(isSame).toBe(!isUsed);
  });
});

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The preview with the file alone, with file and entry, and with the entry alone are the same; or there is no entry. */
async function expectSamePreviews(file: string): Promise<void> {
  const manifest = join(fixture.folder, "backups.json");
  const { status, errors } = await runBakinfo(manifest);
  if (status !== 0) {
    expect(existsSync(manifest)).toBe(false);
    expect(errors.length).toBeGreaterThan(0);
    const { instanceId, bucket } = fixture.emulator;
    expect((await preview({ instanceId, bucket, backup: file, databaseName: "erp" })).failures).not.toEqual([]);
    return;
  }
  const { databases } = parseManifest(readFileSync(manifest, "utf8"), manifest);
  expect(databases).toHaveLength(1);
  const inputs = await declaredInputs(manifest);
  const { manifest: _entry, ...withoutEntry } = inputs;
  const withFile = await preview(withoutEntry);
  expect(await preview(inputs)).toEqual(withFile);
  rmSync(file);
  expect(await preview(inputs)).toEqual(withFile);
}

const specimensToPreview = specimens().filter(({ foundOnlyDeep }) => !foundOnlyDeep);
test.each(specimensToPreview)("the preview of $file is the same with and without the file", async ({ file, bytes }) => {
  const path = join(fixture.folder, "backups", file);
  writeFileSync(path, bytes());
  await expectSamePreviews(path);
});

const specs: fc.Arbitrary<BackupSpec[]> = fc.array(
  fc.record({
    databaseName: fc.constant("erp"),
    type: fc.oneof({ weight: 8, arbitrary: fc.constant("full" as const) }, fc.constant("log" as const)),
    dataBytes: fc.constant(8192),
    logBytes: fc.constant(512),
    isReadOnly: fc.boolean(),
    isSingleUser: fc.boolean(),
    isCopyOnly: fc.boolean(),
    isDamaged: seldom(),
    isPasswordProtected: seldom(),
    isMediaPasswordProtected: seldom(),
    compressed: fc.boolean(),
    recoveryModel: fc.constantFrom("FULL" as const, "SIMPLE" as const, "BULK-LOGGED" as const),
    databaseVersion: seldom().map((isOld) => (isOld ? 539 : undefined)),
    softwareVersion: fc.constantFrom(10, 13, 15, 16).map((major) => ({ major, minor: 0, build: 1000 })),
    files: fc.constantFrom(undefined, filesOf(101, 1), filesOf(50, 80), [
      ...filesOf(1, 1),
      { LogicalName: "docs", PhysicalName: "D:\\fs", Type: "S" as const, Size: 0 },
    ]),
  }),
  { minLength: 1, maxLength: 2, size: "xsmall" },
);

function seldom(): fc.Arbitrary<boolean> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true));
}

test("the preview of any backup is the same with and without the file", async () => {
  const path = join(fixture.folder, "backups", "erp.bak");
  const property = fc.asyncProperty(specs, async (sets) => {
    rmSync(join(fixture.folder, "backups.json"), { force: true });
    writeFileSync(path, backupBytes(sets));
    await expectSamePreviews(path);
  });
  await fc.assert(property, { numRuns: 25 });
}, 120_000);

test("a manifest of 0.1.0 is still read", async () => {
  const { backup, manifest } = await writeSpecimen({ spec: { softwareVersion: { major: 16, minor: 0, build: 1000 } } });
  const value = JSON.parse(readFileSync(manifest, "utf8"));
  const added: Fact[] = ["restoredDataBytes", "restoredLogBytes", "recoveryModel", "isCopyOnly", "isReadOnly"];
  for (const fact of [
    ...added,
    "isSingleUser",
    "isDamaged",
    "otherFiles",
    "isPasswordProtected",
    "isMediaPasswordProtected",
  ])
    delete value.databases[0].backup[fact];
  writeFileSync(manifest, JSON.stringify(value));
  rmSync(backup);
  const { failures } = await preview(await declaredInputs(manifest, {}));
  expect(failures).toEqual([expect.stringMatching(/^VERSION_TOO_NEW: /)]);
});
