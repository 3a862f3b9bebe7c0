import { nameKey } from "./names";

/** SQL Server's own databases, and RDS's: InvalidDBName refuses them. */
export const SYSTEM_DATABASES = new Set(["master", "model", "msdb", "tempdb", "distribution", "resource", "rdscore"]);

/** What follows the name of a contained availability group in the names of its two system databases. */
const CONTAINED_ENDING = /_(?:master|msdb)$/;

/**
 * Whether one of `names` is a system database. A contained availability group has `<group>_master` and `<group>_msdb`;
 * a backup does not say so, so only both together count, and one of them alone may be a user database.
 * @see https://learn.microsoft.com/en-us/sql/database-engine/availability-groups/windows/contained-availability-groups-overview
 */
export function systemDatabasesAmong(names: readonly string[]): (name: string) => boolean {
  const keys = new Set(names.map(nameKey));
  return (name) => {
    const key = nameKey(name);
    if (SYSTEM_DATABASES.has(key)) return true;
    if (!CONTAINED_ENDING.test(key)) return false;
    const group = key.replace(CONTAINED_ENDING, "");
    return keys.has(`${group}_master`) && keys.has(`${group}_msdb`);
  };
}
