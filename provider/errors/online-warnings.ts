import { entry } from "./catalogue-entry";
import { PAGES } from "./vendor-pages";

const FULL_PAGE = "ApsaraDB RDS for SQL Server, Migrate full backup data: common errors";

/** What is wrong although the migration has succeeded: warnings, kept in the outputs. */
export const onlineWarnings = {
  ONLINE_DAMAGED: entry<{ description: string }>({
    match: { description: /(?:asynchronously )?DBCC checkdb failed.*|[^.]*(?:consistency|allocation) errors.*/is },
    message: (e) => `DBCC CHECKDB found damage in the restored database: "${e.description}"`,
    remedy: "Run it on the source; if it is damaged there too, repair it and migrate again.",
    retry: "never",
    quota: "one",
    source: FULL_PAGE,
    link: PAGES.fullMigration,
  }),
  ONLINE_NO_ACCOUNT: entry<{ description: string }>({
    match: { description: /[^.]*doesn'?t have any init account[^.]*\.?/i },
    message: (e) => `"${e.description}" The database is online, but nobody can log in to it yet.`,
    remedy: "Create a privileged account in the console (Accounts) and grant it the database.",
    retry: "never",
    source: FULL_PAGE,
    link: PAGES.fullMigration,
  }),
  ONLINE_NOT_ACCESSIBLE: entry<{ database: string; instance: string; status: string }>({
    message: (e) =>
      `The migration task of ${e.database} says Success, but ${e.instance} shows the database as ${e.status}.`,
    remedy:
      "Look at it in the console (Databases); `pulumi refresh` looks again. If it stays, open a ticket with the task's id.",
    retry: "never",
    source: "DescribeDatabases, DBStatus: Creating, Running, Deleting",
  }),
};
