import { diff } from "../../../provider/handlers/diff";
import { type Log, textOf } from "../../../provider/model/log";
import type { PlainObject } from "../../../provider/model/plain";
import { UNKNOWN_VALUE } from "../../../provider/model/unknown";
import { openSession } from "../../../provider/session/session";
import { callOf, type LogRow } from "../../../testing/fixture";

const OUTPUTS = {
  instanceId: "rm-1",
  bucket: "backups",
  backup: "old.bak",
  backupId: "A/100",
  databaseName: "erp",
  status: "online",
  migrateTaskId: "7",
  warnings: [],
  resourceUrn: "urn:erp",
  __provider: "text",
};

/** With these settings no service can be reached: a diff that sends a request fails. */
function ask(olds: PlainObject, news: PlainObject) {
  const log: LogRow[] = [];
  const rows: Log = { write: (entry) => log.push({ kind: entry.severity, urn: entry.urn, message: textOf(entry) }) };
  const settings = { config: () => undefined, env: () => undefined };
  const session = openSession(settings, rows, { now: () => 0, sleep: async () => {} });
  const { context, members } = callOf({ session, log }, news);
  return { ...diff(context, olds, members), log };
}

const { status, migrateTaskId, warnings, ...INPUTS } = OUTPUTS;
const reversed = (value: object): PlainObject => Object.fromEntries(Object.entries(value).reverse());

test("reports no change for equal inputs, in any key order", () => {
  expect(ask(OUTPUTS, INPUTS)).toEqual({ changes: false, replaces: [], deleteBeforeReplace: true, log: [] });
  expect(ask(reversed(OUTPUTS), INPUTS).changes).toBe(false);
  expect(ask(OUTPUTS, reversed(INPUTS)).changes).toBe(false);
});

test("names the property that replaces, and always deletes the old resource first", () => {
  expect(ask(OUTPUTS, { ...INPUTS, instanceId: "rm-2" })).toMatchObject({
    changes: true,
    replaces: ["instanceId"],
    deleteBeforeReplace: true,
  });
  expect(ask(OUTPUTS, { ...INPUTS, databaseName: "crm" }).replaces).toEqual(["databaseName"]);
});

test("treats an unknown instance as changed, and an unknown backup of a finished migration as unchanged", () => {
  expect(ask(OUTPUTS, { ...INPUTS, instanceId: UNKNOWN_VALUE }).replaces).toEqual(["instanceId"]);
  expect(ask(OUTPUTS, { ...INPUTS, backup: UNKNOWN_VALUE }).changes).toBe(false);
  expect(ask(OUTPUTS, { ...INPUTS, upload: { partSize: UNKNOWN_VALUE } }).changes).toBe(false);
});

test("warns of a backup that changed too late, under the resource", () => {
  const { changes, log } = ask(OUTPUTS, { ...INPUTS, backup: "new.bak", backupId: "B/100" });
  expect(changes).toBe(false);
  expect(log).toEqual([
    {
      kind: "warning",
      urn: "urn:erp",
      message: expect.stringMatching(/^erp is already online from old\.bak; .*--replace/s),
    },
  ]);
});

test("shows a failure from refresh as drift, with olds and news swapped as the engine does", () => {
  expect(ask({ ...OUTPUTS, status: "failed" }, INPUTS).changes).toBe(true);
  expect(ask({ ...OUTPUTS, status: "online" }, INPUTS).changes).toBe(false);
});

test("reads a state with fewer members than this version writes", () => {
  const old = { instanceId: "rm-1", databaseName: "erp", status: "online" };
  expect(ask(old, INPUTS)).toMatchObject({ changes: false, log: [] });
});

const failure = (code: string, retry: string, cause = "cause") => ({
  ...{ code, cause, remedy: "Remedy.", retry, retryable: retry !== "never" },
});
const failed = (recorded: object = {}) => ({ ...OUTPUTS, status: "failed", objectKey: "erp.bak", ...recorded });
const shown = (olds: PlainObject, news: PlainObject = INPUTS) => ask(olds, news).log.map(({ message }) => message);

test.each([
  [
    "databaseName",
    failure("TASK_DATABASE_EXISTS", "afterFix"),
    "lists the databases of rm-1: erp must not exist there",
  ],
  ["space", failure("TASK_NO_SPACE", "afterFix", "needed (20 MB)"), "reads the free space of rm-1: 20 MB must be free"],
])("shows a recorded failure with the lookup of %s", (_recheck, recorded, lookup) => {
  const [message] = shown(failed({ failure: recorded }));
  expect(message).toBe(`${recorded.code}: ${recorded.cause}\nRemedy.\nBefore pulumi up sends again, it ${lookup}.`);
});

test("shows what an update does after a failure that needs no lookup, and the first failure", () => {
  const never = failure("TASK_FAILED", "never");
  expect(shown(failed({ failure: never }))).toEqual([
    "TASK_FAILED: cause\nRemedy.\npulumi up does not send again until the backup, checkDb, allowOverwrite or retryTrigger changes.",
  ]);
  expect(shown(failed({ failure: never }), { ...INPUTS, checkDb: "sync" })[0]).toMatch(/pulumi up sends again: /);
  expect(shown(failed({ failure: failure("API_THROTTLED", "passes") }))[0]).toMatch(/sends again without a lookup/);
  expect(shown(failed({ failure: never, migrateTaskId: undefined }))[0]).toMatch(/created no migration task\.$/);
  const first = failure("TASK_NO_SPACE", "afterFix", "Not enough space\nmore");
  expect(shown(failed({ failure: never, firstFailure: first }))[0]).toMatch(
    /^TASK_FAILED: cause\nRemedy\.\nFirst failure: TASK_NO_SPACE: Not enough space\n/,
  );
  expect(shown(failed())[0]).toMatch(/^erp failed in an earlier run; the state does not record why\./);
});

test("explains a replacement of a finished migration, and not one of a migration that has sent nothing", () => {
  const renamed = { ...INPUTS, databaseName: "shop" };
  expect(shown(OUTPUTS, renamed)).toEqual([
    "pulumi up restores a second copy as shop; the old database erp stays.\n" +
      "The old database erp stays on rm-1; only its record is deleted.\n" +
      "To rename instead: rename erp to shop on RDS, add adopt: true to this resource, then run pulumi up.",
  ]);
  expect(shown(OUTPUTS, { ...INPUTS, instanceId: "rm-2" })[0]).toMatch(
    /second copy as erp on rm-2; .*erp stays on rm-1/s,
  );
  expect(shown(OUTPUTS, { ...INPUTS, instanceId: UNKNOWN_VALUE })).toEqual([]);
  expect(shown({ ...OUTPUTS, status: "uploading", migrateTaskId: undefined }, renamed)).toEqual([]);
});

test("adopt: true with another name of a finished migration is an update, and a replacement before", () => {
  const renamed = { ...INPUTS, databaseName: "shop", adopt: true };
  expect(ask(OUTPUTS, renamed)).toMatchObject({ changes: true, replaces: [] });
  expect(ask({ ...OUTPUTS, status: "restoring" }, renamed).replaces).toEqual(["databaseName"]);
});

test("repeats the warning about a database that a refresh has missed on RDS", () => {
  const warning = "erp is no longer on rm-1: it was dropped or renamed there. To migrate it again, …";
  expect(ask({ ...OUTPUTS, warnings: ["other", warning] }, INPUTS)).toMatchObject({
    changes: false,
    log: [{ kind: "warning", message: expect.stringContaining("erp is no longer on rm-1") }],
  });
});
