import type { RecordKind } from "../../provider/source/baseline-records";
import type { BaselineScript } from "../../provider/source/fact-group";

export type GivenRecord = { record: RecordKind } & Record<string, unknown>;

/** A baseline in the format of the scripts: one value per line. */
export function baselineText(records: readonly GivenRecord[], script: BaselineScript = "baseline"): string {
  const lines = records.flatMap(({ record, ...facts }, index) => [
    `${index === 0 ? "{" : "},{"}"record":${JSON.stringify(record)}`,
    ...Object.entries(facts).map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`),
  ]);
  const head = `{"format":"sqlserver-baseline","version":1,"script":"${script}","records":[`;
  return [head, ...lines, ...(records.length > 0 ? ["}]}"] : ["]}"]), ""].join("\n");
}

/** A database without problems. */
export const PLAIN_DATABASE = {
  record: "database",
  database: "ERP",
  state: "ONLINE",
  createDate: "2015-03-02T08:00:00",
  compatibilityLevel: 130,
  collation: "Latin1_General_CI_AS",
  recoveryModel: "FULL",
  owner: "sa",
  userAccess: "MULTI_USER",
  pageVerify: "CHECKSUM",
  isReadOnly: false,
  isTrustworthy: false,
  isBrokerEnabled: false,
  isCdcEnabled: false,
  isEncrypted: false,
  isMasterKeyEncryptedByServer: false,
  lastGoodCheckDb: "2024-04-28T03:00:00",
  containment: "NONE",
} as const satisfies GivenRecord;

export const PLAIN_SERVER = {
  record: "server",
  serverName: "SQL01",
  productVersion: "13.0.5026.0",
  edition: "Standard Edition (64-bit)",
  takenAt: "2024-05-01T02:00:00",
} as const satisfies GivenRecord;

export const PLAIN_CONTENTS = {
  record: "contents",
  database: "ERP",
  tables: 3,
  rows: 120,
  views: 2,
  procedures: 1,
  functions: 0,
  indexes: 7,
  brokerServices: 0,
  fulltextIndexes: 0,
  memoryOptimizedFilegroups: 0,
} as const satisfies GivenRecord;
