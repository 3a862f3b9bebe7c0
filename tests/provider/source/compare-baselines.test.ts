import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBaseline } from "../../../provider/source/baseline";
import { compareBaselines } from "../../../provider/source/compare-baselines";
import {
  baselineText,
  type GivenRecord,
  PLAIN_CONTENTS,
  PLAIN_DATABASE,
} from "../../../testing/baseline/baseline-text";
import { SQL_FOLDER } from "../../sql/support/scripts";

const ERP = { database: "ERP" };
const table = (name: string, rows: number): GivenRecord => ({ record: "table", ...ERP, name, rows });
const user = (name: string, login: string | null): GivenRecord => ({
  record: "user",
  ...ERP,
  name,
  type: "SQL_USER",
  login,
});
const file = (name: string): GivenRecord => ({ record: "file", ...ERP, name, type: "ROWS", sizeBytes: 1 });
const settings = (facts: Record<string, unknown>): GivenRecord => ({ ...PLAIN_DATABASE, ...facts });

function compare(
  before: readonly GivenRecord[],
  after: readonly GivenRecord[],
  renamed?: Map<string, string>,
): string[] {
  const read = (records: readonly GivenRecord[]) => readBaseline(baselineText(records), "b.json");
  return compareBaselines(read(before), read(after), { renamed }).map(({ kind, text }) => `${kind}: ${text}`);
}
const whole = (...records: GivenRecord[]): GivenRecord[] => [PLAIN_DATABASE, PLAIN_CONTENTS, ...records];
/** The settings of a database before and after, with equal contents. */
const changed = (before: Record<string, unknown>, after: Record<string, unknown>): string[] =>
  compare([settings(before), PLAIN_CONTENTS], [settings(after), PLAIN_CONTENTS]);

it("an unchanged database has no differences, whatever else is on the destination", () => {
  const records = whole(table("[dbo].[orders]", 12), user("app", "app"), file("ERP"));
  const others: GivenRecord[] = [{ ...PLAIN_DATABASE, database: "rdscore" }, user("rds_admin", "rds_admin")];
  expect(compare(records, [...records, ...others])).toEqual([]);
});

it.each<[string, GivenRecord[], GivenRecord[], string[]]>([
  ["a database that is missing", whole(), [], ["differs: the database ERP does not exist on the destination"]],
  [
    "a database that is not open",
    whole(),
    [settings({ state: "RESTORING" })],
    ["differs: it is RESTORING, not ONLINE"],
  ],
  [
    "a source that its tail log had closed already",
    [settings({ state: "RESTORING" })],
    whole(table("[dbo].[a]", 1)),
    [
      "differs: it was RESTORING when the baseline of the source was taken, so nothing can be compared; take the baseline before the tail log closes the source",
    ],
  ],
  [
    "contents that could not be read",
    whole(),
    [PLAIN_DATABASE, { record: "notRead", ...ERP, what: "contents", why: "denied" }],
    ["differs: its contents were not read on the destination: denied"],
  ],
  [
    "contents that the login may not see on the source, which says so",
    [...whole(), { record: "notRead", ...ERP, what: "definitions", why: "no VIEW DEFINITION" }],
    whole(table("[dbo].[a]", 1)),
    ["differs: cannot tell whether its contents are the same: on the source, no VIEW DEFINITION"],
  ],
  [
    "contents that the login may not see on either side",
    [...whole(), { record: "notRead", ...ERP, what: "definitions", why: "x" }],
    [...whole(), { record: "notRead", ...ERP, what: "definitions", why: "y" }],
    [
      "differs: cannot tell whether its contents are the same: on the source, x",
      "differs: cannot tell whether its contents are the same: on the destination, y",
    ],
  ],
  [
    "logins that cannot be seen on the destination",
    whole(),
    [...whole(), { record: "notRead", database: null, what: "logins", why: "no ALTER ANY LOGIN" }],
    ["differs: cannot tell whether users have their logins: on the destination, no ALTER ANY LOGIN"],
  ],
  ["fewer views", whole(), [PLAIN_DATABASE, { ...PLAIN_CONTENTS, views: 1 }], ["differs: views: 2 before, 1 after"]],
  ["a missing table", whole(table("[dbo].[a]", 1)), whole(), ["differs: missing tables: [dbo].[a]"]],
  ["a new table", whole(), whole(table("[dbo].[a]", 1)), ["differs: tables that the source does not have: [dbo].[a]"]],
  [
    "other rows",
    whole(table("[dbo].[a]", 5)),
    whole(table("[dbo].[a]", 4)),
    [
      "differs: tables with another number of rows: [dbo].[a] (5 before, 4 after); the source may have written after its baseline",
    ],
  ],
  ["a missing file", whole(file("ERP")), whole(), ["differs: missing: file ERP"]],
  ["a missing user", whole(user("app", null)), whole(), ["differs: missing: user app"]],
  [
    "a user without login",
    whole(user("app", "app")),
    whole(user("app", null)),
    ["todo: users without their login: app; run the output of logins.sql, or ALTER USER … WITH LOGIN"],
  ],
  [
    "a user whose login was disabled",
    whole({ ...user("app", "app"), isLoginDisabled: false }),
    whole({ ...user("app", "app"), isLoginDisabled: true }),
    ["todo: users whose login is disabled now: app; ALTER LOGIN … ENABLE"],
  ],
  [
    "a user with another login",
    whole(user("app", "app")),
    whole(user("app", "root")),
    ["todo: users with another login: app (app before, root after)"],
  ],
])("%s is reported", (_name, before, after, differences) => expect(compare(before, after)).toEqual(differences));

it.each([
  [{ collation: "A" }, { collation: "B" }, "differs: collation: A before, B after"],
  [{ compatibilityLevel: 90 }, { compatibilityLevel: 100 }, "expected: compatibility level: 90 before, 100 after"],
  [{ compatibilityLevel: 130 }, { compatibilityLevel: 100 }, "differs: compatibility level: 130 before, 100 after"],
  [{ recoveryModel: "SIMPLE" }, { recoveryModel: "FULL" }, "expected: recovery model: SIMPLE before, FULL after"],
  [{ recoveryModel: "FULL" }, { recoveryModel: "SIMPLE" }, "todo: recovery model: FULL before, SIMPLE after"],
  [{ owner: "CORP\\dba" }, { owner: "sa" }, "expected: owner: CORP\\dba before, sa after"],
  [
    { isTrustworthy: true },
    { isTrustworthy: false },
    "todo: TRUSTWORTHY was on and is off now: ALTER DATABASE … SET TRUSTWORTHY ON, if something needs it",
  ],
  [{ isReadOnly: false }, { isReadOnly: true }, "todo: READ_ONLY was off and is on now"],
  [
    { isAutoUpdateStatistics: true },
    { isAutoUpdateStatistics: false },
    "todo: AUTO_UPDATE_STATISTICS was on and is off now: ALTER DATABASE … SET AUTO_UPDATE_STATISTICS ON",
  ],
  [
    { isSubscribed: true },
    { isSubscribed: false },
    "todo: the subscription to a publication was on and is off now: set it up again",
  ],
  [
    { owner: "CORP\\dba" },
    { owner: null },
    "todo: its owner was CORP\\dba and is an unknown login now: ALTER AUTHORIZATION ON DATABASE::… TO …",
  ],
])("settings %j, then %j", (before, after, told) => expect(changed(before, after)).toEqual([told]));

it.each([
  [
    false,
    [
      "todo: its owner is sa and its user dbo is an unknown login (error 33009 with CLR, TRUSTWORTHY, Service Broker): ALTER AUTHORIZATION ON DATABASE::… TO …",
    ],
  ],
  [true, []],
  [null, []],
])("an owner that is the user dbo: %j", (isOwner, differences) => {
  const dbo: GivenRecord = { record: "dbo", ...ERP, login: null, isOwner };
  expect(compare(whole(), whole(dbo))).toEqual(differences);
});

/** Facts for a comparison after a cutover: verify.sql queries each of them on both sides. */
it.each([
  ["state", "d.state_desc AS [state]"],
  ["read-only", "d.is_read_only AS [isReadOnly]"],
  ["row counts", "SUM(p.rows) AS [rows]"],
  ["owner", "SUSER_SNAME(d.owner_sid) AS [owner]"],
  [
    "owner inside the database",
    "CASE WHEN u.sid = d.owner_sid THEN 1 WHEN u.sid <> d.owner_sid THEN 0 END AS [isOwner]",
  ],
  ["statistics", "d.is_auto_update_stats_on AS [isAutoUpdateStatistics]"],
  ["compatibility", "d.compatibility_level AS [compatibilityLevel]"],
  ["users without login", "AS [isWithoutLogin]"],
  ["objects by type", "o.type IN (''SN'')) AS [synonyms]"],
  ["collation", "d.collation_name AS [collation]"],
  ["last CHECKDB", "AS [lastGoodCheckDb]"],
  ["orphaned users", "LEFT JOIN sys.server_principals AS l ON l.sid = u.sid"],
])("verify.sql asks for the %s", (_fact, asked) => {
  expect(readFileSync(join(SQL_FOLDER, "verify.sql"), "utf8")).toContain(asked);
});

it("two outputs of verify.sql compare like baselines", () => {
  const read = (records: readonly GivenRecord[]) => readBaseline(baselineText(records, "verify"), "v.json");
  const before = read(whole(table("[dbo].[a]", 5), user("app", "app")));
  const after = read([settings({ isReadOnly: true }), PLAIN_CONTENTS, table("[dbo].[a]", 4), user("app", null)]);
  expect(compareBaselines(before, after).map(({ kind, text }) => `${kind}: ${text.split(":")[0]}`)).toEqual([
    "differs: tables with another number of rows",
    "todo: users without their login",
    "todo: READ_ONLY was off and is on now",
  ]);
});

it("a fact that one server does not have is not a difference", () => {
  expect(changed({ isQueryStoreOn: null }, { isQueryStoreOn: false })).toEqual([]);
  expect(changed({ delayedDurability: null }, { delayedDurability: "DISABLED" })).toEqual([]);
});

it("a database is found by its new name, without case", () => {
  const renamedRecords = whole().map((record) => ({ ...record, database: "erp_prod" }));
  expect(compare(whole(), renamedRecords, new Map([["ERP", "ERP_Prod"]]))).toEqual([]);
  expect(compare(whole(), renamedRecords)).toEqual(["differs: the database ERP does not exist on the destination"]);
});

it("a hundred missing tables are one line", () => {
  const tables = Array.from({ length: 100 }, (_, index) => table(`[dbo].[t${index}]`, 1));
  const [told, ...more] = compare(whole(...tables), whole());
  expect(more).toEqual([]);
  expect(told).toMatch(/\[dbo\]\.\[t9\] and 90 more$/);
});

describe("tables that both scripts read (@checksums)", () => {
  const read = (name: string, rows: number, checksum: number | null): GivenRecord => ({
    ...{ record: "checksum", ...ERP, name, rows, checksum, why: null },
  });
  const unread = (name: string, why: string): GivenRecord => ({
    ...{ record: "checksum", ...ERP, name, rows: null, checksum: null, why },
  });
  const orders = (rows: number, ...more: GivenRecord[]): GivenRecord[] => whole(table("[dbo].[orders]", rows), ...more);

  it.each<[string, GivenRecord[], GivenRecord[], string[]]>([
    [
      "the exact counts are equal, so the counts that SQL Server keeps are not compared",
      orders(99, read("[dbo].[orders]", 100, 7)),
      orders(100, read("[dbo].[orders]", 100, 7)),
      [],
    ],
    [
      "the exact counts differ, so the checksums do too",
      orders(100, read("[dbo].[orders]", 100, 7)),
      orders(100, read("[dbo].[orders]", 98, 8)),
      [
        "differs: tables with another number of rows: [dbo].[orders] (100 before, 98 after); the source may have written after its baseline",
      ],
    ],
    [
      "only the checksums differ",
      orders(100, read("[dbo].[orders]", 100, 7)),
      orders(100, read("[dbo].[orders]", 100, -7)),
      ["differs: tables with other contents, by their checksums: [dbo].[orders]"],
    ],
    [
      "an empty table has no checksum",
      orders(0, read("[dbo].[orders]", 0, null)),
      orders(0, read("[dbo].[orders]", 0, null)),
      [],
    ],
    [
      "a table could not be read",
      orders(100, read("[dbo].[orders]", 100, 7)),
      orders(100, unread("[dbo].[orders]", "SELECT was denied")),
      [
        "differs: cannot tell whether the rows are the same: on the destination, not read: [dbo].[orders] (SELECT was denied)",
      ],
    ],
    [
      "only the source was read",
      orders(100, read("[dbo].[orders]", 100, 7)),
      orders(100),
      ["differs: cannot tell whether the rows are the same: on the destination, @checksums was 0"],
    ],
  ])("%s", (_name, before, after, differences) => expect(compare(before, after)).toEqual(differences));
});

describe("a query that failed proves nothing about its facts", () => {
  const failed = (what: string, database: string | null = "ERP"): GivenRecord => ({
    ...{ record: "notRead", database, what, why: "denied" },
  });

  it.each([
    ["table", "its tables are the same"],
    ["file", "its files are the same"],
    ["assembly", "its assemblies are the same"],
    ["user", "its users are the same"],
    ["checksum", "the rows are the same"],
  ])("%s, on both sides alike", (what, statement) =>
    expect(compare(whole(failed(what)), whole(failed(what)))).toEqual([
      `differs: cannot tell whether ${statement}: on the source, denied`,
      `differs: cannot tell whether ${statement}: on the destination, denied`,
    ]),
  );

  it("settings that newer versions have", () =>
    expect(compare(whole(), whole(failed("database (from version 11 on)", null)))).toEqual([
      "differs: cannot tell whether its settings are the same: on the destination, denied",
    ]));
});

describe("what a migration leaves to do", () => {
  const sqlUser = (facts: Record<string, unknown>): GivenRecord => ({ ...user("app", null), ...facts });

  it.each<[string, GivenRecord[], GivenRecord[], string[]]>([
    [
      "users created WITHOUT LOGIN",
      whole(sqlUser({ isWithoutLogin: true })),
      whole(sqlUser({ isWithoutLogin: false, login: "app" })),
      ["todo: users created WITHOUT LOGIN on one side only: app (yes before, no after)"],
    ],
    [
      "a user that is orphaned on both sides",
      whole(sqlUser({ isWithoutLogin: false })),
      whole(sqlUser({ isWithoutLogin: false })),
      ["expected: users without a login on either side: app"],
    ],
    [
      "no DBCC CHECKDB since the restore",
      whole(),
      [settings({ createDate: "2024-05-02T08:00:00" }), PLAIN_CONTENTS],
      ["todo: no DBCC CHECKDB since the database was restored on 2024-05-02T08:00:00; the last: 2024-04-28T03:00:00"],
    ],
    [
      "DBCC CHECKDB after the restore",
      whole(),
      [settings({ createDate: "2024-05-02T08:00:00", lastGoodCheckDb: "2024-05-02T09:00:00" }), PLAIN_CONTENTS],
      [],
    ],
    [
      "a destination that has no date of DBCC CHECKDB",
      whole(),
      [settings({ lastGoodCheckDb: null }), PLAIN_CONTENTS],
      ["todo: last DBCC CHECKDB: 2024-04-28T03:00:00 before, unknown after"],
    ],
  ])("%s", (_name, before, after, differences) => expect(compare(before, after)).toEqual(differences));
});

it("every table, user and setting has a name of its own, which stays when the values change", () => {
  const read = (records: readonly GivenRecord[]) => readBaseline(baselineText(records), "b.json");
  const names = (rows: number) =>
    compareBaselines(
      read(whole(table("[dbo].[a]", 5), table("[dbo].[b]", 5), user("app", "app"))),
      read([
        ...[settings({ collation: `C${rows}` }), { ...PLAIN_CONTENTS, views: rows }],
        ...[table("[dbo].[a]", rows), table("[dbo].[b]", rows), user("app", null)],
      ]),
    ).flatMap(({ items }) => items.map(({ name }) => name));
  expect(names(9)).toEqual([
    "ERP/count/views",
    "ERP/rows/[dbo].[a]",
    "ERP/rows/[dbo].[b]",
    "ERP/login/app",
    "ERP/setting/collation",
  ]);
  expect(names(8)).toEqual(names(9));
});
