import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAndPreview } from "../../../provider/hosts/dynamic/check-and-preview";
import type { PlainObject } from "../../../provider/model/plain";
import { UNKNOWN_VALUE } from "../../../provider/model/unknown";
import { verificationArguments } from "../../../provider/model/verification";
import { verificationHandlers } from "../../../provider/verification/verification-handlers";
import {
  baselineText,
  type GivenRecord,
  PLAIN_CONTENTS,
  PLAIN_DATABASE,
} from "../../../testing/baseline/baseline-text";
import { openProcess } from "../../../testing/engine-steps";
import { callOf, messages } from "../../../testing/fixture";

let folder: string;
let source: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "verification-"));
  source = join(folder, "baseline.json");
  target = join(folder, "verify.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const URN = "urn:pulumi:test::demo::pulumi-nodejs:dynamic/sqlserver:MigrationVerification::erp";
const rows = (count: number): string =>
  baselineText([PLAIN_DATABASE, PLAIN_CONTENTS, { record: "table", database: "ERP", name: "[dbo].[a]", rows: count }]);
const WANTED = "ERP/rows/[dbo].[a]";

/** One call of the handlers in a process of its own. */
function callWith(args: PlainObject = {}, preview = true) {
  const process = openProcess({ env: {}, config: {}, tuning: {} });
  const call = callOf(process, { source, target, resourceUrn: URN, ...(preview ? { preview } : {}), ...args });
  return { process, ...call };
}

async function check(args: PlainObject = {}, preview = true) {
  const { process, context, members } = callWith(args, preview);
  const { inputs, failures } = preview
    ? await checkAndPreview(verificationHandlers, context, {}, members)
    : await verificationHandlers.check(context, {}, members);
  return { inputs, failures: failures.map(({ reason }) => reason), log: process.log };
}

async function up(args: PlainObject = {}) {
  const { inputs } = await check(args, false);
  const { context } = callWith(args, false);
  return verificationHandlers.create(context, inputs);
}

const changes = (outs: PlainObject, inputs: PlainObject): boolean =>
  verificationHandlers.diff(callWith().context, outs, inputs).changes;

test("two files that agree pass, and the state has digests and counts but not the files", async () => {
  for (const file of [source, target]) writeFileSync(file, rows(5));
  const { log, inputs } = await check();
  expect(log).toEqual([]);
  const { id, outs } = await up();
  expect(id).toBe("erp");
  expect(outs).toEqual({ ...inputs, counts: { databases: 1, accepted: 0, todo: 0, expected: 0 } });
  expect(JSON.stringify(outs).length).toBeLessThan(600);
  expect(changes(outs, (await check()).inputs)).toBe(false);
});

test.each(["source", "target"])(
  "without the %s's file the preview passes with a note, and up fails",
  async (missing) => {
    writeFileSync(missing === "source" ? target : source, rows(5));
    const { failures, log } = await check();
    expect(failures).toEqual([]);
    expect(messages(log, "info", "warning", "error")).toEqual([
      expect.stringMatching(
        new RegExp(`^not checked: .* does not exist\\.\n(.*\n)*It is the argument \\[${missing}\\]\\.\n`),
      ),
    ]);
    await expect(up()).rejects.toThrow(
      new RegExp(`^VERIFICATION_FILE_MISSING: (.*\n)*It is the argument \\[${missing}\\]`),
    );
  },
);

test("differences are a warning of the preview and the error of up, with the names to accept", async () => {
  writeFileSync(source, rows(5));
  writeFileSync(target, rows(4));
  const { failures, log } = await check();
  expect(failures).toEqual([]);
  const expected = `VERIFICATION_FAILED: 1 difference between the source and the destination.\nBy name:\n  ${WANTED}: 5 before, 4 after\n`;
  expect(messages(log, "info", "warning", "error")).toEqual([expect.stringContaining(expected)]);
  await expect(up()).rejects.toThrow(expected);
  const { outs } = await up({ acceptedDifferences: [WANTED] });
  expect(outs.counts).toMatchObject({ accepted: 1 });
});

test("an accepted difference that no longer occurs is a warning, at preview and at up", async () => {
  for (const file of [source, target]) writeFileSync(file, rows(5));
  for (const preview of [true, false]) {
    const { log } = await check({ acceptedDifferences: [WANTED] }, preview);
    expect(messages(log, "warning")).toEqual([
      expect.stringMatching(/^ACCEPTED_DIFFERENCE_ABSENT: (.|\n)*ERP\/rows\/\[dbo\]\.\[a\]/),
    ]);
  }
  await expect(up({ acceptedDifferences: [WANTED] })).resolves.toBeDefined();
});

test("a changed file or argument is a new comparison, and a deleted file too", async () => {
  for (const file of [source, target]) writeFileSync(file, rows(5));
  const { outs } = await up();
  for (const args of [{ strict: true }, { databases: ["ERP"] }, { acceptedDifferences: [WANTED] }])
    expect(changes(outs, (await check(args)).inputs)).toBe(true);
  writeFileSync(target, rows(4));
  const { inputs } = await check();
  expect(changes(outs, inputs)).toBe(true);
  await expect(verificationHandlers.update(callWith({}, false).context, outs, inputs)).rejects.toThrow(
    /^VERIFICATION_FAILED/,
  );
  rmSync(target);
  expect(changes(outs, (await check()).inputs)).toBe(true);
});

test("what could not be read fails until it is accepted", async () => {
  const unread: GivenRecord = { record: "notRead", database: "ERP", what: "table", why: "denied" };
  writeFileSync(source, rows(5));
  writeFileSync(target, baselineText([PLAIN_DATABASE, PLAIN_CONTENTS, unread]));
  await expect(up()).rejects.toThrow(/ERP\/not read\/table\/destination: cannot tell whether its tables are the same/);
  await expect(up({ acceptedDifferences: ["ERP/not read/table/destination"] })).resolves.toBeDefined();
});

test("a file that is no baseline is a warning of the preview and the error of up", async () => {
  writeFileSync(source, rows(5));
  writeFileSync(target, "Msg 18456, Login failed");
  expect(messages((await check()).log, "warning")).toEqual([expect.stringMatching(/^BASELINE_INVALID/)]);
  await expect(up()).rejects.toThrow(/^BASELINE_INVALID/);
});

test("many differences are twenty lines", async () => {
  const tables = (count: number): GivenRecord[] =>
    Array.from({ length: 50 }, (_, index) => ({ record: "table", database: "ERP", name: `[t${index}]`, rows: count }));
  writeFileSync(source, baselineText([PLAIN_DATABASE, PLAIN_CONTENTS, ...tables(1)]));
  writeFileSync(target, baselineText([PLAIN_DATABASE, PLAIN_CONTENTS, ...tables(2)]));
  await expect(up()).rejects.toThrow(/^VERIFICATION_FAILED: 50 differences .*\n(.*\n){21} {2}and 30 more\n/);
});

test.each([
  [{ source: "" }, "source"],
  [{ target: 5 }, "target"],
  [{ target: undefined }, "target"],
  [{ source: "same.json", target: "same.json" }, "target"],
  [{ databases: [] }, "databases"],
  [{ databases: "ERP" }, "databases"],
  [{ renamed: { ERP: 5 } }, "renamed.ERP"],
  [{ acceptedDifferences: [""] }, "acceptedDifferences.0"],
  [{ strict: "yes" }, "strict"],
  [{ acceptedDiferences: [] }, "acceptedDiferences"],
])("refuses %j at preview and at up", async (args, property) => {
  const expected = new RegExp(`^INPUT_INVALID: \\[${property.replaceAll(".", "\\.")}\\]`);
  expect((await check(args)).failures).toEqual([expect.stringMatching(expected)]);
  const { context, members } = callWith(args, false);
  await expect(verificationHandlers.create(context, members)).rejects.toThrow(expected);
});

test("what is not known at preview is noted and not refused", async () => {
  writeFileSync(source, rows(5));
  for (const name of Object.keys(verificationArguments.shape)) {
    const { failures, log } = await check({ [name]: UNKNOWN_VALUE });
    expect(failures).toEqual([]);
    expect(messages(log, "info").filter((message) => message.includes("not known until pulumi up"))).toHaveLength(1);
  }
});

test("outputs of a newer version are an error, and can be refreshed and destroyed", async () => {
  for (const file of [source, target]) writeFileSync(file, rows(5));
  const { outs } = await up();
  const newer = { ...outs, __stateVersion: 3 };
  expect(() => changes(newer, outs)).toThrow(/^STATE_NEWER/);
  const { context } = callWith();
  expect(await verificationHandlers.read(context, "erp", newer)).toEqual({ id: "erp", props: newer });
  await expect(verificationHandlers.delete(context, newer)).resolves.toBeUndefined();
});
