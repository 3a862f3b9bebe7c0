import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlainObject } from "../../../provider/model/plain";
import { type Specimen, specimens } from "../../../testing/backup-writer/specimens";
import { baselineText, PLAIN_DATABASE, PLAIN_SERVER } from "../../../testing/baseline/baseline-text";
import { Fixture, messages } from "../../../testing/fixture";

/** Entries for files and a program's values, each provoked in a preview by such a file or value. */
let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());

const refusals = async (args: PlainObject): Promise<string[]> => (await fixture.preview(args)).failures;
const warnings = async (args: PlainObject): Promise<string[]> => messages((await fixture.preview(args)).log, "warning");

function hand({ file, bytes }: Specimen): string {
  const path = join(fixture.folder, file);
  writeFileSync(path, bytes());
  return path;
}

const unusable = specimens().filter(({ problem, foundOnlyDeep }) => problem !== undefined && foundOnlyDeep !== true);

test.each(unusable)("$file is refused as $problem, on this machine and in a bucket", async (specimen) => {
  const path = hand(specimen);
  const { bucket, oss } = fixture.emulator;
  await oss.putObject(bucket, specimen.file, path);
  for (const backup of [path, `oss://${bucket}/${specimen.file}`]) {
    const failures = await refusals({ backup, databaseName: "erp" });
    expect(failures).toEqual([expect.stringMatching(`^${specimen.problem}: \\[backup\\] .*${specimen.file}`)]);
  }
});

test("a backup whose database is unknown is adopted only with a databaseName", async () => {
  const encrypted = specimens().find(({ problem }) => problem === "BACKUP_ENCRYPTED") as Specimen;
  const backup = hand(encrypted);
  expect(await refusals({ backup, adopt: true })).toEqual([
    expect.stringMatching(/^DATABASE_NAME_UNKNOWN: \[databaseName\] .*encrypted\.bak .*\nSet databaseName\.$/s),
  ]);
  expect(await refusals({ backup, adopt: true, databaseName: "erp" })).toEqual([]);
});

test("a backup of SQL Server 2000 is refused", async () => {
  const backup = await fixture.backup("old.bak", { databaseVersion: 539 });
  expect(await refusals({ backup })).toEqual([
    expect.stringMatching(/^VERSION_TOO_OLD: .*SQL Server 2000 or earlier.*Restore it on SQL Server 2008 R2 first/s),
  ]);
});

test.each([
  ["ERP & CRM", "DATABASE_NAME_DOUBTFUL"],
  ["x", "DATABASE_NAME_DOUBTFUL"],
])("the name %j is doubtful", async (databaseName, code) => {
  const backup = await fixture.backup("erp.bak");
  expect(await warnings({ backup, databaseName })).toContainEqual(expect.stringMatching(`^${code}: `));
});

test("an object that ends in .trn is doubtful, although it holds a full backup", async () => {
  const { bucket, oss } = fixture.emulator;
  await oss.putObject(bucket, "erp.trn", await fixture.backup("erp.bak"));
  expect(await warnings({ backup: `oss://${bucket}/erp.trn` })).toContainEqual(
    expect.stringMatching(/^EXTENSION_DOUBTFUL: .*erp\.trn.*Copy the object to a key that ends in \.bak/s),
  );
});

test.each([
  ["endpoint", { endpoint: "ftp://elsewhere" }, ""],
  ["ALIBABA_CLOUD_ENDPOINT_OSS", {}, "ftp://elsewhere"],
])("an invalid endpoint ([%s]) is refused before anything is sent", async (property, args, override) => {
  const mark = fixture.mark;
  const process = fixture.process({ ALIBABA_CLOUD_ENDPOINT_OSS: override });
  const { failures } = await fixture.preview({ backup: await fixture.backup("erp.bak"), ...args }, undefined, process);
  expect(failures).toEqual([expect.stringMatching(`^ENDPOINT_INVALID: \\[${property}\\] ftp://elsewhere`)]);
  expect(fixture.since(mark).filter((call) => call.startsWith("oss:"))).toEqual([]);
});

test("a part size that OSS does not take is refused by the uploader, too, before anything is sent", async () => {
  const mark = fixture.mark;
  const path = await fixture.backup("erp.bak");
  const upload = { bucket: fixture.emulator.bucket, key: "erp.bak", path, partSizeBytes: 1024 };
  await expect(fixture.process().session.clients.store({}).upload(upload)).rejects.toMatchObject({
    code: "PART_SIZE_OUT_OF_RANGE",
  });
  expect(fixture.since(mark)).toEqual([]);
});

test("a baseline of a newer release is refused where the program names it", async () => {
  const baseline = join(fixture.folder, "newer.json");
  writeFileSync(baseline, baselineText([PLAIN_SERVER, PLAIN_DATABASE]).replace(/"version":\s*\d+/, '"version": 99'));
  const failures = await refusals({ backup: await fixture.backup("erp.bak"), baseline });
  expect(failures).toEqual([expect.stringMatching(/^BASELINE_NEWER: .*newer\.json .*format 99/s)]);
});

test("an unforeseen error ends a run as UNEXPECTED, with its own words and no stack", async () => {
  const process = fixture.process();
  const store = () => {
    throw new RangeError("Invalid array length");
  };
  const session = { ...process.session, clients: { ...process.session.clients, store } };
  const ended: unknown = await fixture
    .up({ backup: await fixture.backup("erp.bak") }, undefined, { process: { ...process, session } })
    .catch((thrown: unknown) => thrown);
  expect(ended).toMatchObject({ message: expect.stringMatching(/^UNEXPECTED: .*Invalid array length/s), stack: "" });
});
