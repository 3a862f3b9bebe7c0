/** One release of SQL Server. Everything that depends on a version is derived from this table. */
interface Release {
  name: string;
  /** First number of `ProductVersion`: 15 for SQL Server 2019. */
  major: number;
  /** Internal database version of the release (HEADERONLY's DatabaseVersion). */
  databaseVersion: number;
  /** First words of the RDS engine versions that run it: `2019` for `2019_std_ha`. Empty where RDS does not offer it. */
  engines: readonly string[];
  /** The lowest compatibility level that the release supports; a restore raises lower ones to it. [ALTER DATABASE COMPATIBILITY_LEVEL] */
  lowestCompatibility: number;
}

/** 2008 R2 with local disks: a migration restores over an existing database and reads the backup from a signed URL. */
const LOCAL_DISK_2008R2 = "2008r2";
/** 2008 R2 with cloud disks (`08r2_ent_ha`): migrations follow the rules of the later versions. */
const CLOUD_DISK_2008R2 = "08r2";

/** Newest first. */
const RELEASES: readonly Release[] = [
  { name: "SQL Server 2025", major: 17, databaseVersion: 998, engines: ["2025"], lowestCompatibility: 100 },
  { name: "SQL Server 2022", major: 16, databaseVersion: 957, engines: ["2022"], lowestCompatibility: 100 },
  { name: "SQL Server 2019", major: 15, databaseVersion: 904, engines: ["2019"], lowestCompatibility: 100 },
  { name: "SQL Server 2017", major: 14, databaseVersion: 869, engines: ["2017"], lowestCompatibility: 100 },
  { name: "SQL Server 2016", major: 13, databaseVersion: 852, engines: ["2016"], lowestCompatibility: 100 },
  { name: "SQL Server 2014", major: 12, databaseVersion: 782, engines: ["2014"], lowestCompatibility: 100 },
  { name: "SQL Server 2012", major: 11, databaseVersion: 706, engines: ["2012"], lowestCompatibility: 90 },
  {
    ...{ name: "SQL Server 2008 R2", major: 10, databaseVersion: 661, lowestCompatibility: 80 },
    engines: [LOCAL_DISK_2008R2, CLOUD_DISK_2008R2],
  },
  { name: "SQL Server 2008", major: 10, databaseVersion: 655, engines: [], lowestCompatibility: 80 },
  { name: "SQL Server 2005", major: 9, databaseVersion: 611, engines: [], lowestCompatibility: 80 },
];

/** Backups of SQL Server 2000 and earlier do not restore on 2012 and later. @see RESTORE (Transact-SQL), compatibility support */
export const OLDEST_DATABASE_VERSION = 611;

/** Editions of ApsaraDB RDS for SQL Server, as its EngineVersion spells them: `2019_std_ha`, `2016_web`, `2022_ent`. */
export const RDS_EDITIONS = ["std", "ent", "web"] as const;
export type RdsEdition = (typeof RDS_EDITIONS)[number];

/** The version and edition of the instance that a backup is restored on. */
export interface DestinationEngine {
  /** Major version of SQL Server: 10 is 2008 R2, 15 is 2019. */
  major: number;
  /** Undefined where the engine version does not contain it (`2008r2`). */
  edition: RdsEdition | undefined;
}

/** The editions by what they include: each has the features of those before it. */
const EDITIONS_BY_FEATURES: readonly RdsEdition[] = ["web", "std", "ent"];

/** An RDS engine version without its ending for high availability, for example `2019_std`. */
export interface RdsEngine {
  engineVersion: string;
  /** For example `SQL Server 2019`. */
  product: string;
  edition: RdsEdition;
}

/** Every release of RDS, the oldest first, each with its editions, the smallest first. A region may lack some. */
export const rdsEngines = (): RdsEngine[] =>
  [...RELEASES]
    .reverse()
    .flatMap(({ name, engines }) =>
      engines
        .slice(0, 1)
        .flatMap((engine) =>
          EDITIONS_BY_FEATURES.map((edition) => ({ engineVersion: `${engine}_${edition}`, product: name, edition })),
        ),
    );

const wordsOf = (engineVersion: string): string[] => engineVersion.toLowerCase().split("_");

const releaseOfEngine = (engineVersion: string): Release | undefined => {
  const [first = ""] = wordsOf(engineVersion);
  return RELEASES.find(({ engines }) => engines.includes(first));
};

/** Major version and edition of an RDS engine version; undefined for an unknown one, whose version checks are skipped. */
export function parseEngineVersion(engineVersion: string): DestinationEngine | undefined {
  const release = releaseOfEngine(engineVersion);
  const [, second] = wordsOf(engineVersion);
  return release && { major: release.major, edition: RDS_EDITIONS.find((edition) => edition === second) };
}

/** The newest database version that an instance restores; undefined for an unknown engine version. */
export const newestDatabaseVersion = (engineVersion: string): number | undefined =>
  releaseOfEngine(engineVersion)?.databaseVersion;

/** Whether a migration restores over an existing database. True for 2008 R2 with local disks only. */
export const overwritesOnRestore = (engineVersion: string): boolean => wordsOf(engineVersion)[0] === LOCAL_DISK_2008R2;

/** Whether the instance runs 2008 R2 on cloud disks, where the vendor's documents contradict each other. */
export const isCloudDisk2008R2 = (engineVersion: string): boolean => wordsOf(engineVersion)[0] === CLOUD_DISK_2008R2;

/** The product that writes a database version; between two releases (a service pack, a preview) the name of the older one. */
export const releaseOf = (databaseVersion: number): string =>
  RELEASES.find((release) => release.databaseVersion <= databaseVersion)?.name ?? "SQL Server 2000 or earlier";

/**
 * The product that wrote a backup, as {@link releaseOf} names it. Azure SQL Managed Instance runs ahead of the releases: its headers name
 * a release and a database version above that release's. [Microsoft Learn, SQL Managed Instance update policy]
 */
export const productOfBackup = (databaseVersion: number, softwareMajor: number | undefined): string => {
  const release = RELEASES.find(({ major }) => major === softwareMajor);
  return release !== undefined && databaseVersion > release.databaseVersion
    ? MANAGED_INSTANCE
    : releaseOf(databaseVersion);
};

export const MANAGED_INSTANCE = "Azure SQL Managed Instance";

/** `SQL Server 2019`; the major version itself where its release is unknown. */
export const productName = (major: number): string =>
  RELEASES.find((release) => release.major === major)?.name ?? `SQL Server version ${major}`;

/** The major version of a `ProductVersion` such as `10.50.6000.34`. */
export function majorOf(productVersion: string | null): number | undefined {
  const major = Number.parseInt(productVersion ?? "", 10);
  return Number.isNaN(major) ? undefined : major;
}

/** The lowest compatibility level that a major version supports; undefined for an unknown version. */
export const lowestCompatibility = (major: number): number | undefined =>
  RELEASES.find((release) => release.major === major)?.lowestCompatibility;
