import { majorOf, productName } from "../../model/engine-version";
import { any, type BaselineRule, when } from "./baseline-rule";

const FIRST_WITH_FEATURES_IN_ALL_EDITIONS = 13;

/** Problems that stop a migration. */
export const OBSTACLES: readonly BaselineRule[] = [
  {
    code: "SOURCE_NOT_ONLINE",
    severity: "error",
    find: ({ database: { state } }) =>
      when(state !== null && state !== "ONLINE", `it is ${state} and cannot be backed up`),
    remedy: "Bring it online, or leave it out.",
    source: "BACKUP (Transact-SQL)",
  },
  {
    code: "SOURCE_NEWER",
    severity: "error",
    find: ({ source, engine }) => {
      const major = majorOf(source.server.productVersion);
      if (major === undefined || engine === undefined || major <= engine.major) return undefined;
      return `it comes from ${productName(major)}, which is newer than the destination's ${productName(engine.major)}`;
    },
    remedy: "Migrate to an instance of the same or a newer version.",
    source: "RESTORE (Transact-SQL): a backup cannot be restored by an earlier version",
  },
  {
    code: "SOURCE_ENCRYPTED",
    severity: "error",
    find: ({ database: { encryptionKey, isEncrypted } }) =>
      when(encryptionKey !== undefined || isEncrypted, "it has a key of transparent data encryption (TDE)"),
    remedy:
      "Switch encryption off, wait for encryption_state 1, DROP DATABASE ENCRYPTION KEY, back up the log, then take a new full backup: the key alone stops a restore elsewhere.",
    source: "Transparent data encryption: the certificate of the source server is needed to restore",
  },
  {
    code: "SOURCE_EDITION_FEATURE",
    severity: "error",
    find: ({ database, engine }) => {
      const { edition, major } = engine ?? {};
      if (major === undefined || major >= FIRST_WITH_FEATURES_IN_ALL_EDITIONS) return undefined;
      if (edition !== "std" && edition !== "web") return undefined;
      const features = database.editionFeatures.map(({ feature }) => feature);
      return any(features, (list) => `it uses ${list}, which the destination's edition does not support before 2016`);
    },
    remedy: "Remove the features (rebuild without compression or partitions), or choose Enterprise, or 2016 and later.",
    source: 'sys.dm_db_persisted_sku_features; ApsaraDB RDS: "Failed to open database"',
  },
];
