import type { BaselineDestination } from "../../provider/source/baseline-findings";
import { type GivenRecord, PLAIN_CONTENTS, PLAIN_DATABASE, PLAIN_SERVER } from "./baseline-text";

export const with_ = (facts: Record<string, unknown>): GivenRecord[] => [PLAIN_SERVER, { ...PLAIN_DATABASE, ...facts }];
export const beside = (...records: GivenRecord[]): GivenRecord[] => [PLAIN_SERVER, PLAIN_DATABASE, ...records];
export const inErp = { database: "ERP" };
export const user = (facts: Record<string, unknown>): GivenRecord => ({
  ...{ record: "user", ...inErp, name: "app", type: "SQL_USER", login: null, isWithoutLogin: false, ...facts },
});

/** Records with exactly one finding, for every code of a baseline. */
export const BASELINE_CASES: readonly [code: string, records: GivenRecord[], destination?: BaselineDestination][] = [
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
