import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { requireAllowedKey } from "../../provider/model/location";
import type { PlainObject } from "../../provider/model/plain";
import { UNKNOWN_VALUE } from "../../provider/model/unknown";
import { Fixture } from "../../testing/fixture";
import { expectClear } from "./clear-message";

jest.setTimeout(300_000);

const SEED = Number(process.env.BAD_INPUT_SEED ?? Date.now() % 1_000_000);
const RUNS = Number(process.env.BAD_INPUT_RUNS ?? 1);
const SECRET = "PLANTED0s3cr3t";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open({ taskMs: 10, env: { PLANTED: SECRET } });
});
afterAll(() => fixture.close());

const secrets = () => [fixture.emulator.accessKeySecret, SECRET];

const NAMES = [
  ...["instanceId", "bucket", "backup", "databaseName", "folder", "checkDb", "wait", "timeout", "pollInterval"],
  ...["adopt", "onDestroy", "allowOverwrite", "region", "endpoint", "upload", "profile", "assumeRoleArn", "manifest"],
  ...["increments", "phase", "cutover", "minInterval", "cleanup", "backupId", "mayNotExistYet", "resourceUrn"],
  ...["constructor", "toString", "prototype", "password", ""],
];

const values = fc.oneof(
  { weight: 3, arbitrary: fc.anything({ maxDepth: 2, withBigInt: false, withDate: false, withNullPrototype: false }) },
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom<unknown>(
    UNKNOWN_VALUE,
    "../../etc/passwd",
    "oss://",
    "oss://b/../k.bak",
    "file:///nowhere/",
    "-1h",
    "1e9h",
  ),
  fc.constantFrom<unknown>("0", "NaN", Number.MAX_SAFE_INTEGER, -0, "\u0000", "\ud800", "C:\\backups\\erp.bak", "|:@"),
);

/** The engine passes only JSON and its marker for unknown values. */
const asEngine = (args: Record<string, unknown>): PlainObject => JSON.parse(JSON.stringify(args)) as PlainObject;

it(`any arguments are accepted or refused with the property name in a clear message (seed ${SEED})`, async () => {
  const backup = await fixture.backup("erp.bak");
  const strange = fc.dictionary(fc.constantFrom(...NAMES), values, { minKeys: 1, maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(strange, async (args) => {
      const { failures, log } = await fixture.preview(asEngine({ backup, ...args }));
      expectClear(JSON.stringify(args), [failures, log], secrets());
      for (const failure of failures) expect(failure).toMatch(/^[A-Z_0-9]+: ./);
    }),
    { seed: SEED, numRuns: 1000 * RUNS },
  );
});

/** Names that a file system allows: any character but `/` and NUL, at most 255 bytes. */
const fileNames = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
    fc.constantFrom(
      "-rf.bak",
      " .bak",
      "a|b:c@d.bak",
      "erp.bak\n",
      "..bak",
      "erp_FULL_20240101.bak",
      "%2e%2e.bak",
      "con.bak",
    ),
    fc.string({ minLength: 1, maxLength: 200 }).map((text) => `${text}.bak`),
  )
  .map((name) => Buffer.from(name.replaceAll("/", "_").replaceAll("\u0000", "_")).toString())
  .filter((name) => Buffer.byteLength(name) <= 255 && name !== "." && name !== "..");

const databaseNames = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 128 }).filter((name) => name.length <= 128),
  fc.constantFrom("..", ".", "a/b", "a]b[c", "'; drop database x --", "erp\u0000", "MASTER", " ", "çà et là", "数据库"),
);

it(`a backup of any name, of any database, gets a valid key or a clear finding (seed ${SEED})`, async () => {
  let count = 0;
  const plain = await fixture.backup("plain.bak");
  const odd = fc.record({ fileName: fileNames, databaseName: fc.option(databaseNames, { nil: undefined }) });
  await fc.assert(
    fc.asyncProperty(odd, async ({ fileName, databaseName }) => {
      const path = join(fixture.folder, fileName);
      if (databaseName === undefined) copyFileSync(plain, path);
      else renameSync(await fixture.backup("generated.bak", { databaseName }), path);
      const folder = `run${++count}`;
      const { failures, inputs, log } = await fixture.preview({ backup: path, folder });
      expectClear(JSON.stringify({ fileName, databaseName }), [failures, log], secrets());
      if (failures.length > 0) return;
      const waits = { wait: "submitted", timeout: "5s", resourceUrn: `urn:${count}` };
      const { outputs } = await fixture.up({ backup: path, folder, databaseName: inputs.databaseName, ...waits });
      const key = String(outputs.objectKey);
      requireAllowedKey("folder", key);
      expect(key.split("/")).toEqual([folder, expect.any(String)]);
    }),
    { seed: SEED, numRuns: 100 * RUNS },
  );
});

it(`a file with any content is read or refused with a clear message (seed ${SEED})`, async () => {
  const path = join(fixture.folder, "content.bak");
  const contents = fc.oneof(
    fc.uint8Array({ maxLength: 5000 }),
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.concat([Buffer.from("TAPE"), bytes])),
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.concat([Buffer.from("MSSQLBAK"), bytes])),
  );
  await fc.assert(
    fc.asyncProperty(contents, async (bytes) => {
      writeFileSync(path, bytes);
      const { failures, log } = await fixture.preview({ backup: path, databaseName: "erp" });
      expectClear(Buffer.from(bytes).toString("base64"), [failures, log], secrets());
      expect(failures).not.toEqual([]);
    }),
    { seed: SEED, numRuns: 500 * RUNS },
  );
});
