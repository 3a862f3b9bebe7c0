/** Editions of ApsaraDB RDS for SQL Server, as its EngineVersion spells them: `2019_std_ha`, `2016_web`, `2022_ent`. */
export const RDS_EDITIONS = ["std", "ent", "web"] as const;
export type RdsEdition = (typeof RDS_EDITIONS)[number];

/** What a restore comes to. */
export interface DestinationEngine {
  /** Major version of SQL Server: 10 is 2008 R2, 15 is 2019. */
  major: number;
  /** Undefined where the name tells none (2008 R2). */
  edition: RdsEdition | undefined;
}

const MAJOR_OF_YEAR: Readonly<Record<string, number>> = {
  "2008r2": 10,
  "2012": 11,
  "2014": 12,
  "2016": 13,
  "2017": 14,
  "2019": 15,
  "2022": 16,
  "2025": 17,
};
const YEAR_OF_MAJOR = new Map(Object.entries(MAJOR_OF_YEAR).map(([year, major]) => [major, year]));

/** Undefined for a name that is invented tomorrow: then nothing is said about versions. */
export function parseEngineVersion(engineVersion: string): DestinationEngine | undefined {
  const [year = "", word] = engineVersion.toLowerCase().split("_");
  const major = MAJOR_OF_YEAR[year];
  return major === undefined ? undefined : { major, edition: RDS_EDITIONS.find((edition) => edition === word) };
}

/** `SQL Server 2019`, or the number where the year is not known. */
export const productName = (major: number): string =>
  YEAR_OF_MAJOR.has(major)
    ? `SQL Server ${YEAR_OF_MAJOR.get(major)?.replace("r2", " R2")}`
    : `SQL Server version ${major}`;

/** The major version of a `ProductVersion` such as `10.50.6000.34`. */
export function majorOf(productVersion: string | null): number | undefined {
  const major = Number.parseInt(productVersion ?? "", 10);
  return Number.isNaN(major) ? undefined : major;
}

/** The lowest compatibility level that a version still offers; a restore raises lower ones to it. [ALTER DATABASE COMPATIBILITY_LEVEL] */
export function lowestCompatibility(major: number): number {
  if (major <= 10) return 80;
  return major === 11 ? 90 : 100;
}
