import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBaseline } from "../../../provider/source/baseline";
import { type BaselineDestination, baselineFindings } from "../../../provider/source/baseline-findings";
import { BASELINE_RULES } from "../../../provider/source/baseline-rules";
import { SERVER_OBJECTS } from "../../../provider/source/rules/server-objects";
import { baselineText, type GivenRecord, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "./support/baseline-text";

function codesOf(records: readonly GivenRecord[], destination: BaselineDestination = { engineVersion: "2019_std_ha" }) {
  return baselineFindings(readBaseline(baselineText(records), "b.json"), destination).map(({ code }) => code);
}

const with_ = (facts: Record<string, unknown>): GivenRecord[] => [PLAIN_SERVER, { ...PLAIN_DATABASE, ...facts }];
const beside = (...records: GivenRecord[]): GivenRecord[] => [PLAIN_SERVER, PLAIN_DATABASE, ...records];
const inErp = { database: "ERP" };
const user = (facts: Record<string, unknown>): GivenRecord => ({
  ...{ record: "user", ...inErp, name: "app", type: "SQL_USER", login: null, isWithoutLogin: false, ...facts },
});

it("a plain database has no findings", () => expect(codesOf(beside(PLAIN_CONTENTS))).toEqual([]));

const CASES: [code: string, records: GivenRecord[], destination?: BaselineDestination][] = [
  ["SOURCE_NOT_ONLINE", with_({ state: "RECOVERY_PENDING" })],
  ["SOURCE_NEWER", beside(), { engineVersion: "2014_std" }],
  ["SOURCE_ENCRYPTED", beside({ record: "encryptionKey", ...inErp, encryptionState: 1 })],
  ["SOURCE_ENCRYPTED", with_({ isEncrypted: true })],
  [
    "SOURCE_EDITION_FEATURE",
    [
      { ...PLAIN_SERVER, productVersion: "11.0.7001.0" },
      PLAIN_DATABASE,
      { record: "editionFeature", ...inErp, feature: "Compression" },
    ],
    { engineVersion: "2012_web" },
  ],
  ["SOURCE_FILESTREAM", beside({ record: "file", ...inErp, name: "docs", type: "FILESTREAM", sizeBytes: 0 })],
  ["SOURCE_MEMORY_OPTIMIZED", beside({ ...PLAIN_CONTENTS, memoryOptimizedFilegroups: 1 })],
  ["SOURCE_CDC", with_({ isCdcEnabled: true })],
  ["SOURCE_REPLICATED", with_({ isMergePublished: true })],
  ["SOURCE_BROKER", [...with_({ isBrokerEnabled: true }), { ...PLAIN_CONTENTS, brokerServices: 2 }]],
  ["SOURCE_CLR", beside({ record: "assembly", ...inErp, name: "Geo", permissionSet: "UNSAFE_ACCESS" })],
  ["SOURCE_FULLTEXT", beside({ ...PLAIN_CONTENTS, fulltextIndexes: 1 })],
  [
    "SOURCE_REFERENCES",
    beside({ record: "reference", ...inErp, server: null, otherDatabase: "Archive", by: "[dbo].[v]" }),
  ],
  ["SOURCE_CONTAINED", with_({ containment: "PARTIAL" })],
  ["SOURCE_TRUSTWORTHY", with_({ isTrustworthy: true })],
  ["SOURCE_MASTER_KEY", with_({ isMasterKeyEncryptedByServer: true })],
  ["SOURCE_NOT_WRITABLE", with_({ isReadOnly: true })],
  ["SOURCE_NOT_WRITABLE", with_({ userAccess: "SINGLE_USER" })],
  ["SOURCE_CHECKDB", with_({ lastGoodCheckDb: null })],
  ["SOURCE_CHECKDB", with_({ lastGoodCheckDb: "2024-04-01T03:00:00" })],
  ["SOURCE_PAGE_VERIFY", with_({ pageVerify: "NONE" })],
  ["SOURCE_COMPATIBILITY", with_({ compatibilityLevel: 90 })],
  ["SOURCE_SIMPLE", with_({ recoveryModel: "SIMPLE" })],
  ["SOURCE_AVAILABILITY_GROUP", with_({ isInAvailabilityGroup: true })],
  ["SOURCE_LOGINS", beside(user({ login: "app" }))],
  ["SOURCE_WINDOWS_USERS", beside(user({ type: "WINDOWS_USER", login: "CORP\\app" }))],
  ["SOURCE_ORPHANS", beside(user({}))],
  ["SOURCE_JOBS", beside({ record: "job", ...inErp, name: "nightly", isEnabled: true })],
  ["SOURCE_REPLICATED", with_({ isSubscribed: true })],
  ["SOURCE_LINKED_SERVERS", beside({ record: "linkedServer", name: "ORA" })],
  ["SOURCE_SERVER_TRIGGERS", beside({ record: "serverTrigger", name: "logon_hours", isEnabled: true })],
  ["SOURCE_ENDPOINTS", beside({ record: "endpoint", name: "Hadr_endpoint", type: "DATABASE_MIRRORING" })],
  ["SOURCE_MAIL", beside({ record: "mailProfile", name: "alerts" })],
  ["SOURCE_RESOURCE_GOVERNOR", beside({ record: "workloadGroup", name: "reports" })],
  ["SOURCE_TRACE_FLAGS", beside({ record: "traceFlag", name: "3226" })],
  ["SOURCE_NOT_READ", beside({ record: "notRead", ...inErp, what: "editionFeature", why: "denied" })],
  ["SOURCE_NOT_READ", beside({ record: "checksum", ...inErp, name: "[dbo].[a]", rows: null, why: "denied" })],
  ["SOURCE_NOT_IN_BASELINE", beside(), { databases: ["ERP", "CRM"] }],
];

// A row with one element too few would make jest pass a callback and wait for it.
it.each(CASES.map(([code, records, destination]) => ({ code, records, destination })))(
  "$code is found, and nothing else",
  ({ code, records, destination }) => expect(codesOf(records, destination)).toEqual([code]),
);

it.each([
  ["a user without a login by intention", beside(user({ isWithoutLogin: true }))],
  ["an old feature where every edition has it", beside({ record: "editionFeature", ...inErp, feature: "Compression" })],
  ["Service Broker without services", with_({ isBrokerEnabled: true })],
  [
    "a reference to a database that comes along",
    [
      ...beside({ record: "reference", ...inErp, otherDatabase: "crm" }),
      { ...PLAIN_DATABASE, database: "CRM" } as GivenRecord,
    ],
  ],
])("no finding for %s", (_name, records) => expect(codesOf(records)).toEqual([]));

it("an unknown destination skips only the rules that depend on it", () => {
  expect(codesOf(with_({ isReadOnly: true }), {})).toEqual(["SOURCE_NOT_WRITABLE"]);
  expect(codesOf(with_({ isReadOnly: true }), { engineVersion: "2031_quantum" })).toEqual(["SOURCE_NOT_WRITABLE"]);
});

it("every message contains the database and a remedy", () => {
  const source = readBaseline(baselineText(with_({ isCdcEnabled: true })), "b.json");
  expect(baselineFindings(source)[0]).toEqual({
    severity: "warning",
    code: "SOURCE_CDC",
    database: "ERP",
    message: expect.stringMatching(/^SOURCE_CDC: Database ERP: change data capture .*\. Set it up again/s),
  });
});

it("an object of the server is named, once for all databases", () => {
  const crm = { ...PLAIN_DATABASE, database: "CRM" } as GivenRecord;
  const flags = ["1117", "3226"].map((name): GivenRecord => ({ record: "traceFlag", name }));
  expect(baselineFindings(readBaseline(baselineText(beside(crm, ...flags)), "b.json"))).toEqual([
    {
      severity: "warning",
      code: "SOURCE_TRACE_FLAGS",
      database: undefined,
      message: expect.stringMatching(/^SOURCE_TRACE_FLAGS: trace flags are on .*: 1117, 3226\. DBCC TRACEON needs/),
    },
  ]);
});

it("every rule has a case above, a source, and a row in the document", () => {
  const docs = readFileSync(join(__dirname, "..", "..", "..", "docs", "how-to", "source-side.md"), "utf8");
  const documented = [...docs.matchAll(/^\| `(SOURCE_\w+)`/gm)].map(([, code]) => code).sort();
  const shown = new Set(CASES.map(([code]) => code));
  const rules = [...BASELINE_RULES, ...SERVER_OBJECTS];
  expect(rules.map(({ code }) => code).filter((code) => !shown.has(code))).toEqual([]);
  expect(rules.filter(({ source, remedy }) => source === "" || remedy === "")).toEqual([]);
  expect(documented).toEqual([...shown].sort());
});
