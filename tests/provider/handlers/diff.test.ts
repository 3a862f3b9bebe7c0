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

/** No service can be reached with these settings: a diff that asked one would fail. */
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

test("sees no change in what is as it was, whatever the order of its members", () => {
  expect(ask(OUTPUTS, INPUTS)).toEqual({ changes: false, replaces: [], deleteBeforeReplace: true, log: [] });
  expect(ask(reversed(OUTPUTS), INPUTS).changes).toBe(false);
  expect(ask(OUTPUTS, reversed(INPUTS)).changes).toBe(false);
});

test("names the property that replaces, and always has the old one deleted first", () => {
  expect(ask(OUTPUTS, { ...INPUTS, instanceId: "rm-2" })).toMatchObject({
    changes: true,
    replaces: ["instanceId"],
    deleteBeforeReplace: true,
  });
  expect(ask(OUTPUTS, { ...INPUTS, databaseName: "crm" }).replaces).toEqual(["databaseName"]);
});

test("takes an unknown instance for another one, and an unknown backup of a finished migration for none", () => {
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
      message: expect.stringMatching(/^erp is already online from old\.bak; .*--replace/),
    },
  ]);
});

test("shows a failure that refresh has found as drift, with the roles exchanged as the engine does it", () => {
  expect(ask({ ...OUTPUTS, status: "failed" }, INPUTS).changes).toBe(true);
  expect(ask({ ...OUTPUTS, status: "online" }, INPUTS).changes).toBe(false);
});

test("reads a state that has less in it than this version writes", () => {
  const old = { instanceId: "rm-1", databaseName: "erp", status: "online" };
  expect(ask(old, INPUTS)).toMatchObject({ changes: false, log: [] });
});
