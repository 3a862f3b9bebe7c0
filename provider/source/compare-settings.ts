import type { DatabaseBaseline } from "./baseline";
import { type DifferenceKind, type Found, todo } from "./difference";

/** Settings with a value. `judge` says what another value means; what RDS does by itself is expected. */
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
  judge: (before: string | number, after: string | number) => DifferenceKind;
}[] = [
  { key: "collation", words: "collation", judge: () => "differs" },
  {
    key: "compatibilityLevel",
    words: "compatibility level",
    judge: (before, after) => (after > before ? "expected" : "differs"),
  },
  { key: "recoveryModel", words: "recovery model", judge: (_, after) => (after === "FULL" ? "expected" : "todo") },
  { key: "owner", words: "owner", judge: () => "expected" },
  { key: "userAccess", words: "access", judge: () => "todo" },
  { key: "pageVerify", words: "PAGE_VERIFY", judge: () => "todo" },
  { key: "snapshotIsolation", words: "snapshot isolation", judge: () => "todo" },
  { key: "containment", words: "containment", judge: () => "todo" },
  { key: "delayedDurability", words: "delayed durability", judge: () => "todo" },
];

export function compareSettings(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  return SETTINGS.flatMap(({ key, words, judge }) => {
    const [was, is] = [before[key], after[key]];
    if (was === null || is === null || was === is) return [];
    return [{ kind: judge(was, is), text: `${words}: ${was} before, ${is} after` }];
  });
}

/** Things that are on or off, and what to do where one was on and is off now. */
const SWITCHES: readonly {
  key:
    | "isReadOnly"
    | "isTrustworthy"
    | "isChained"
    | "isBrokerEnabled"
    | "isCdcEnabled"
    | "isPublished"
    | "isMergePublished"
    | "isChangeTracked"
    | "isReadCommittedSnapshot"
    | "isQueryStoreOn"
    | "isMasterKeyEncryptedByServer";
  words: string;
  again: string;
}[] = [
  { key: "isReadOnly", words: "READ_ONLY", again: "ALTER DATABASE … SET READ_ONLY, if it shall stay so" },
  { key: "isTrustworthy", words: "TRUSTWORTHY", again: "ALTER DATABASE … SET TRUSTWORTHY ON, if something needs it" },
  { key: "isChained", words: "cross-database ownership chaining", again: "ALTER DATABASE … SET DB_CHAINING ON" },
  { key: "isBrokerEnabled", words: "Service Broker", again: "ALTER DATABASE … SET ENABLE_BROKER, if it has services" },
  { key: "isCdcEnabled", words: "change data capture", again: "set it up anew" },
  { key: "isPublished", words: "replication", again: "set it up anew" },
  { key: "isMergePublished", words: "merge replication", again: "set it up anew" },
  { key: "isChangeTracked", words: "change tracking", again: "set it up anew" },
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
    if (was === true && is === false) return [todo(`${words} was on and is off now: ${again}`)];
    return was === false && is === true ? [todo(`${words} was off and is on now`)] : [];
  });
}
