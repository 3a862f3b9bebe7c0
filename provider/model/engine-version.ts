/** Internal database versions (HEADERONLY's DatabaseVersion), newest first, with the prefixes of RDS's engine versions. */
const RELEASES = [
  { databaseVersion: 998, name: "SQL Server 2025", engines: ["2025"] },
  { databaseVersion: 957, name: "SQL Server 2022", engines: ["2022"] },
  { databaseVersion: 904, name: "SQL Server 2019", engines: ["2019"] },
  { databaseVersion: 869, name: "SQL Server 2017", engines: ["2017"] },
  { databaseVersion: 852, name: "SQL Server 2016", engines: ["2016"] },
  { databaseVersion: 782, name: "SQL Server 2014", engines: ["2014"] },
  { databaseVersion: 706, name: "SQL Server 2012", engines: ["2012"] },
  { databaseVersion: 661, name: "SQL Server 2008 R2", engines: ["2008r2", "08r2"] },
  { databaseVersion: 655, name: "SQL Server 2008", engines: [] },
  { databaseVersion: 611, name: "SQL Server 2005", engines: [] },
] as const;

/** Backups of SQL Server 2000 and earlier do not restore on 2012 and later. @see RESTORE (Transact-SQL), compatibility support */
export const OLDEST_DATABASE_VERSION = 611;

/** The newest database version that an instance restores; undefined for an unknown engine version. */
export const newestDatabaseVersion = (engineVersion: string): number | undefined =>
  RELEASES.find(({ engines }) => engines.some((engine) => engineVersion.toLowerCase().startsWith(engine)))
    ?.databaseVersion;

/** Returns the product that writes a database version. A version between two releases (a service pack, a preview) gets the older name. */
export const releaseOf = (databaseVersion: number): string =>
  RELEASES.find((release) => release.databaseVersion <= databaseVersion)?.name ?? "SQL Server 2000 or earlier";
