import { dynamicType } from "../../provider/model/resource-type";
import { runbook } from "../../provider/runbook/runbook";
import { runbookFacts } from "../../provider/runbook/runbook-groups";
import type { StackResource } from "../../provider/stack-state/exported-stack";

const TIME_ZONE = "Asia/Shanghai";
const START = "2026-11-28 22:00";
const START_MS = Date.parse("2026-11-28T14:00:00Z");
const INSTANCE = "rm-2zesz5774ud8s71i5";
const URN = "urn:pulumi:prod::cutover-group::";

/** Minutes after writes stopped. */
const at = (minutes: number): string => new Date(START_MS + minutes * 60_000).toISOString();

const record = (kind: "DatabaseMigration" | "CutoverGroup", name: string, outputs: object): StackResource => ({
  ...{ urn: `${URN}${dynamicType(kind)}::${name}`, type: dynamicType(kind), id: name, modified: at(90) },
  outputs: { ...outputs },
});

/** A database of examples/cutover-group after the group: its logs of the week, and the last one. */
function migration(name: string, { gib, openedAt }: { gib: number; openedAt: string }): StackResource {
  const file = (type: "FULL" | "LOG", number: number, minutes: number) => ({
    ...{ type, state: "applied", objectKey: `${name}_${type}_${number}.bak`, lastLsn: String(number) },
    ...{
      sizeBytes: type === "FULL" ? gib * 2 ** 30 : 4e7 + number * 1e6,
      sentAt: at(minutes),
      seconds: 70 + number * 10,
    },
  });
  const tail = { ...file("LOG", 4, 46), tail: true, modifiedAt: at(27), source: `${name}_LOG_20261128222700.bak` };
  return record("DatabaseMigration", name, {
    ...{ instanceId: INSTANCE, bucket: "acme-migration", databaseName: name, phase: "restoring", status: "online" },
    ...{ migrateTaskId: "106121", sizeBytes: gib * 2 ** 30, warnings: [], finishedAt: openedAt },
    backupInfo: { DatabaseName: name.toUpperCase(), ServerName: "SQL01" },
    increments: [{ ...LISTED, file: `./backups/${name}/${name}_LOG_20261128222700.bak` }],
    chain: { files: [file("FULL", 1, -9000), file("LOG", 2, -3000), file("LOG", 3, -1500), tail] },
  });
}

const LISTED = {
  ...{ type: "LOG", sizeBytes: 4.4e7, modifiedAt: at(27), setGuid: "D944EF79-743F-7879-D082-FF694C244686" },
  ...{ firstLsn: "3", lastLsn: "4", tail: true },
};

/** The runbook of examples/cutover-group, after the group. */
export function runbookSample(): string {
  const opened = { erp: at(72), crm: at(73) };
  const members = Object.entries(opened).map(([database, openedAt]) => ({
    ...{ database, instanceId: INSTANCE, migrateTaskId: "106121", status: "online", openedAt },
  }));
  const resources = [
    migration("erp", { gib: 180, openedAt: opened.erp }),
    migration("crm", { gib: 24, openedAt: opened.crm }),
    record("CutoverGroup", "shop", { status: "online", opened: members }),
  ];
  const facts = runbookFacts({ state: { resources, pendingOperations: [] }, together: [] });
  const options = { folder: "D:\\migration", login: "dba", logJobs: ["Log backup"] };
  const repeat = [
    "runbook --stack prod",
    `--start '${START}'`,
    `--timezone ${TIME_ZONE}`,
    "--folder 'D:\\migration' --login dba --log-job 'Log backup'",
  ];
  return runbook(facts, facts.groups, {
    ...{ startMs: START_MS, timeZone: TIME_ZONE, phaseSetting: "phase", repeat },
    ...options,
  });
}
