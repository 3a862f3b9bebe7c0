import { isSqlUser, orphanedUsers } from "../orphaned-users";
import { any, type BaselineRule } from "./baseline-rule";

/** Objects of the source server that the database needs and a backup does not contain. */
export const SERVER: readonly BaselineRule[] = [
  {
    code: "SOURCE_LOGINS",
    severity: "warning",
    find: ({ database }) =>
      any(
        database.users.filter((user) => isSqlUser(user) && user.login !== null).map(({ login }) => String(login)),
        (list) => `its users need the logins ${list}, which a backup does not contain`,
      ),
    remedy: "Run sql/logins.sql on the source and its output on the destination, before the application starts.",
    source: "Troubleshoot orphaned users (SQL Server)",
  },
  {
    code: "SOURCE_WINDOWS_USERS",
    severity: "warning",
    find: ({ database }) =>
      any(
        database.users.filter(({ type }) => type?.startsWith("WINDOWS") === true).map(({ name }) => name),
        (list) => `these users log in with Windows, which the destination cannot check: ${list}`,
      ),
    remedy: "Give them SQL logins and ALTER USER … WITH LOGIN, or join the instance to a domain where RDS offers that.",
    source: "CREATE LOGIN … FROM WINDOWS",
  },
  {
    code: "SOURCE_ORPHANS",
    severity: "warning",
    find: ({ database }) =>
      any(
        orphanedUsers(database).map(({ name }) => name),
        (list) => `these users have no login on the source: ${list}`,
      ),
    remedy:
      "Give them a login first, so that they are not mistaken for a fault of the migration. Drop them only if nobody needs them: their rights are then lost.",
    source: "Troubleshoot orphaned users (SQL Server)",
  },
  {
    code: "SOURCE_JOBS",
    severity: "warning",
    find: ({ database }) =>
      any(
        database.jobs.map(({ name }) => name),
        (list) => `these jobs work on it, and a backup does not contain them: ${list}`,
      ),
    remedy: "Script them in Management Studio and create them on the destination; stop them here at the cutover.",
    source: "SQL Server Agent keeps jobs in msdb",
  },
];
