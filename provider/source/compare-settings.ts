import type { DatabaseBaseline } from "./baseline";
import { type DifferenceKind, type Found, found, todo } from "./difference";

/** Settings with a value. `classify` returns the kind of a difference; changes that RDS makes itself are expected. */
const SETTINGS: readonly {
  key:
    | "collation"
    | "compatibilityLevel"
    | "recoveryModel"
    | "owner"
    | "userAccess"
    | "pageVerify"
    | "snapshotIsolation"
    | "containment"
    | "delayedDurability";
  words: string;
  classify: (before: string | number, after: string | number) => DifferenceKind;
}[] = [
  { key: "collation", words: "collation", classify: () => "differs" },
  {
    key: "compatibilityLevel",
    words: "compatibility level",
    classify: (before, after) => (after > before ? "expected" : "differs"),
  },
  { key: "recoveryModel", words: "recovery model", classify: (_, after) => (after === "FULL" ? "expected" : "todo") },
  { key: "owner", words: "owner", classify: () => "expected" },
  { key: "userAccess", words: "access", classify: () => "todo" },
  { key: "pageVerify", words: "PAGE_VERIFY", classify: () => "todo" },
  { key: "snapshotIsolation", words: "snapshot isolation", classify: () => "todo" },
  { key: "containment", words: "containment", classify: () => "todo" },
  { key: "delayedDurability", words: "delayed durability", classify: () => "todo" },
];

export function compareSettings(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const changed = SETTINGS.flatMap(({ key, words, classify }) => {
    const [was, is] = [before[key], after[key]];
    if (was === null || is === null || was === is) return [];
    return [found(classify(was, is), `setting/${words}`, `${words}: ${was} before, ${is} after`)];
  });
  return [...changed, ...compareOwner(before, after)];
}

/** A restore gives the database an owner in master, and leaves the user dbo inside as it was. */
function compareOwner(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const again = "ALTER AUTHORIZATION ON DATABASE::… TO …";
  if (after.dbo?.isOwner === false) {
    const [owner, dbo] = [after.owner, after.dbo.login].map((login) => login ?? "an unknown login");
    return [
      todo(
        "owner",
        `its owner is ${owner} and its user dbo is ${dbo} (error 33009 with CLR, TRUSTWORTHY, Service Broker): ${again}`,
      ),
    ];
  }
  return before.owner !== null && after.owner === null
    ? [todo("owner", `its owner was ${before.owner} and is an unknown login now: ${again}`)]
    : [];
}

/** Settings that are on or off, and how to turn one on again. */
const SWITCHES: readonly {
  key:
    | "isReadOnly"
    | "isTrustworthy"
    | "isChained"
    | "isBrokerEnabled"
    | "isCdcEnabled"
    | "isPublished"
    | "isMergePublished"
    | "isSubscribed"
    | "isChangeTracked"
    | "isAutoCreateStatistics"
    | "isAutoUpdateStatistics"
    | "isReadCommittedSnapshot"
    | "isQueryStoreOn"
    | "isMasterKeyEncryptedByServer";
  words: string;
  again: string;
}[] = [
  { key: "isReadOnly", words: "READ_ONLY", again: "ALTER DATABASE … SET READ_ONLY, if it should stay read-only" },
  { key: "isTrustworthy", words: "TRUSTWORTHY", again: "ALTER DATABASE … SET TRUSTWORTHY ON, if something needs it" },
  { key: "isChained", words: "cross-database ownership chaining", again: "ALTER DATABASE … SET DB_CHAINING ON" },
  { key: "isBrokerEnabled", words: "Service Broker", again: "ALTER DATABASE … SET ENABLE_BROKER, if it has services" },
  { key: "isCdcEnabled", words: "change data capture", again: "set it up again" },
  { key: "isPublished", words: "replication", again: "set it up again" },
  { key: "isMergePublished", words: "merge replication", again: "set it up again" },
  { key: "isSubscribed", words: "the subscription to a publication", again: "set it up again" },
  { key: "isChangeTracked", words: "change tracking", again: "set it up again" },
  {
    key: "isAutoCreateStatistics",
    words: "AUTO_CREATE_STATISTICS",
    again: "ALTER DATABASE … SET AUTO_CREATE_STATISTICS ON",
  },
  {
    key: "isAutoUpdateStatistics",
    words: "AUTO_UPDATE_STATISTICS",
    again: "ALTER DATABASE … SET AUTO_UPDATE_STATISTICS ON",
  },
  {
    key: "isReadCommittedSnapshot",
    words: "READ_COMMITTED_SNAPSHOT",
    again: "ALTER DATABASE … SET READ_COMMITTED_SNAPSHOT ON",
  },
  { key: "isQueryStoreOn", words: "query store", again: "ALTER DATABASE … SET QUERY_STORE = ON" },
  {
    key: "isMasterKeyEncryptedByServer",
    words: "the master key's protection by the server",
    again: "OPEN MASTER KEY …, ALTER MASTER KEY ADD ENCRYPTION BY SERVICE MASTER KEY",
  },
];

export function compareSwitches(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  return SWITCHES.flatMap(({ key, words, again }) => {
    const [was, is] = [before[key], after[key]];
    if (was === true && is === false) return [todo(`setting/${words}`, `${words} was on and is off now: ${again}`)];
    return was === false && is === true ? [todo(`setting/${words}`, `${words} was off and is on now`)] : [];
  });
}

/**
 * Whether DBCC CHECKDB has passed on the destination: its date travels in the backup. That a restore sets the creation date is
 * experience, not documented. Before SQL Server 2016 SP2 the destination has no date.
 */
export function compareCheckDb(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const { lastGoodCheckDb: last, createDate } = after;
  if (last === null && before.lastGoodCheckDb !== null)
    return [todo("DBCC CHECKDB", `last DBCC CHECKDB: ${before.lastGoodCheckDb} before, unknown after`)];
  if (last === null || createDate === null || last >= createDate) return [];
  return [todo("DBCC CHECKDB", `no DBCC CHECKDB since the database was restored on ${createDate}; the last: ${last}`)];
}
