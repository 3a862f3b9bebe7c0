import { entry } from "./catalogue-entry";
import { PAGES } from "./vendor-pages";

const FULL_PAGE = "ApsaraDB RDS for SQL Server, Migrate full backup data: common errors";

/** Problems of a migration that succeeded: warnings, kept in the outputs. */
export const onlineWarnings = {
  ONLINE_DAMAGED: entry<{ description: string }>({
    match: { description: /(?:asynchronously )?DBCC checkdb failed.*|[^.]*(?:consistency|allocation) errors.*/is },
    summary: () => "DBCC CHECKDB found damage in the restored database.",
    details: (e) => [`The service: "${e.description}"`],
    remedy: "Run DBCC CHECKDB on the source. If it finds damage there too, repair the database and migrate again.",
    retry: "never",
    quota: "one",
    source: FULL_PAGE,
    link: PAGES.fullMigration,
  }),
  ONLINE_NO_ACCOUNT: entry<{ description: string }>({
    match: { description: /[^.]*doesn'?t have any init account[^.]*\.?/i },
    summary: () => "the database is online, but nobody can log in to it yet.",
    details: (e) => [`The service: "${e.description}"`],
    remedy: "Create a privileged account in the console (Accounts) and grant it the database.",
    retry: "never",
    source: FULL_PAGE,
    link: PAGES.fullMigration,
  }),
  ONLINE_NOT_ACCESSIBLE: entry<{ database: string; instance: string; status: string }>({
    summary: (e) => `${e.database} is restored but not accessible.`,
    details: (e) => [`Its migration task reports Success, but ${e.instance} shows the database as ${e.status}.`],
    remedy:
      "Check it in the console (Databases); `pulumi refresh` checks again. If the state remains, open a ticket with the task's id.",
    retry: "never",
    source: "DescribeDatabases, DBStatus: Creating, Running, Deleting",
  }),
};
