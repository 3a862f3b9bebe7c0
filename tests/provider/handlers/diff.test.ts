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
