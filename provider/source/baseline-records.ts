import { z } from "zod";

/**
 * Schemas of the records that `sql/baseline.sql` and `sql/verify.sql` write, each a flat JSON object. A fact that the
 * server does not have, or is too old for, is null. `facts/` contains the query of each fact; the compiler checks that
 * both match.
 */
const text = z.string().nullable().default(null);
const number = z.number().nullable().default(null);
const flag = z.boolean().nullable().default(null);
/** `yyyy-MM-ddTHH:mm:ss`, local time of the server unless the name says UTC. */
const time = text;
/** The database that the record is about. */
const database = z.string().min(1);

export const recordSchemas = {
  server: z.object({
    serverName: text,
    productVersion: text,
    edition: text,
    engineEdition: number,
    collation: text,
    takenAt: time,
    takenAtUtc: time,
    clrEnabled: flag,
    containedAuthentication: flag,
    crossDatabaseChaining: flag,
  }),
  database: z.object({
    database,
    state: text,
    createDate: time,
    compatibilityLevel: number,
    collation: text,
    recoveryModel: text,
    owner: text,
    userAccess: text,
    pageVerify: text,
    isReadOnly: flag,
    isStandby: flag,
    isTrustworthy: flag,
    isChained: flag,
    isBrokerEnabled: flag,
    isCdcEnabled: flag,
    isPublished: flag,
    isSubscribed: flag,
    isMergePublished: flag,
    isEncrypted: flag,
    isMasterKeyEncryptedByServer: flag,
    isAutoCreateStatistics: flag,
    isAutoUpdateStatistics: flag,
    isReadCommittedSnapshot: flag,
    snapshotIsolation: text,
    isChangeTracked: flag,
    lastGoodCheckDb: time,
    containment: text,
    isInAvailabilityGroup: flag,
    delayedDurability: text,
    isQueryStoreOn: flag,
  }),
  encryptionKey: z.object({ database, encryptionState: number, algorithm: text, encryptorType: text }),
  /** The user dbo. A restore changes the owner in master only: `isOwner` is then false until ALTER AUTHORIZATION. */
  dbo: z.object({ database, login: text, isOwner: flag }),
  file: z.object({ database, name: z.string(), type: text, sizeBytes: number }),
  contents: z.object({
    database,
    tables: number,
    rows: number,
    views: number,
    procedures: number,
    functions: number,
    triggers: number,
    databaseTriggers: number,
    synonyms: number,
    sequences: number,
    queues: number,
    types: number,
    indexes: number,
    foreignKeys: number,
    constraints: number,
    untrustedConstraints: number,
    partitionedTables: number,
    columnstoreIndexes: number,
    cdcTables: number,
    fulltextIndexes: number,
    brokerServices: number,
    memoryOptimizedFilegroups: number,
    masterKeys: number,
    symmetricKeys: number,
    certificates: number,
  }),
  table: z.object({ database, name: z.string(), rows: number }),
  /** A table that was read, on request: exact rows and a checksum over them, or why it could not be read. */
  checksum: z.object({ database, name: z.string(), rows: number, checksum: number, why: text }),
  editionFeature: z.object({ database, feature: z.string() }),
  assembly: z.object({ database, name: z.string(), permissionSet: text }),
  reference: z.object({ database, server: text, otherDatabase: text, by: text }),
  user: z.object({
    database,
    name: z.string(),
    type: text,
    login: text,
    isLoginDisabled: flag,
    isWithoutLogin: flag,
  }),
  job: z.object({ name: z.string(), database, isEnabled: flag }),
  linkedServer: z.object({ name: z.string(), product: text, provider: text }),
  serverTrigger: z.object({ name: z.string(), isEnabled: flag }),
  endpoint: z.object({ name: z.string(), type: text }),
  mailProfile: z.object({ name: z.string() }),
  /** Groups of Resource Governor, where it is on. */
  workloadGroup: z.object({ name: z.string() }),
  /** Trace flags that are on for the whole server; the name is the number. */
  traceFlag: z.object({ name: z.string() }),
  /** A query that failed, for example for lack of permissions, with the server's message. */
  notRead: z.object({ database: text, what: z.string(), why: text }),
};

export type RecordKind = keyof typeof recordSchemas;
export type BaselineRecord<K extends RecordKind> = z.infer<(typeof recordSchemas)[K]>;

export const isRecordKind = (text: string): text is RecordKind => Object.hasOwn(recordSchemas, text);
