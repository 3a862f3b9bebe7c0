/** What a preview may leave unchecked. */
interface UncheckedFacts {
  /** What follows `not checked:`, with capitals for the user's own values. */
  facts: readonly string[];
  why: string;
  remedy: string;
}

/** In the order of a preview. A test compares the list with the texts in the code. */
const UNCHECKED: readonly UncheckedFacts[] = [
  {
    facts: ["the backup", "the instance", "the bucket", "whether the database's name is free"],
    why: "the input is unknown until `pulumi up`",
    remedy: "Nothing: `pulumi up` checks it before it sends anything.",
  },
  {
    facts: ["the backup FILE", "the increments of DATABASE"],
    why: "this machine cannot read the files or the bucket",
    remedy: "Remove the cause that the message gives: `pulumi up` reads the same files.",
  },
  {
    facts: [
      "the instance (its state, version, disk, databases, accounts and quotas)",
      "the bucket",
      "the role AliyunRDSImportRole",
      "the role AliyunRDSImportRole, and whether the bucket is of its account",
      "the databases",
      "the accounts",
      "the tasks",
      "the quotas of the day",
      "the free disk of the instance",
    ],
    why: "the call failed, or its action is not granted",
    remedy: "Grant the action that the message names, see [permissions](permissions.md).",
  },
  {
    facts: ["the free disk of INSTANCE", "how many databases INSTANCE takes"],
    why: "the service does not return it",
    remedy: "Compare the disk and the number of databases in the console.",
  },
  {
    facts: ["the quotas of INSTANCE"],
    why: "its edition does not list migration tasks",
    remedy: "Count the day's migrations: RDS allows 20 for a database and 500 for an instance.",
  },
  {
    facts: ["whether INSTANCE restores FILE"],
    why: "the version of the backup or of the instance is unknown",
    remedy: "Compare the versions: RDS restores backups of the same or an older version.",
  },
  {
    facts: ["the bucket BUCKET does not exist yet"],
    why: "the program creates it",
    remedy: "Nothing: `pulumi up` checks it after it exists.",
  },
  {
    facts: ["whether the bucket BUCKET belongs to the account of the instance"],
    why: "the owner of the bucket or the account is unknown",
    remedy: "Use a bucket of the account that owns the instance.",
  },
  {
    facts: [
      "the baseline of the source",
      "the source's collation, encryption (TDE) and features of its edition",
      "whether the collation of DATABASE is that of INSTANCE",
    ],
    why: "the baseline is absent, not readable or from an older script",
    remedy: "Run `sql/baseline.sql` on the source and save its output beside the backups.",
  },
  {
    facts: ["whether the databases have the collation of INSTANCE"],
    why: "the service does not return the instance's",
    remedy: "Compare `SELECT SERVERPROPERTY('Collation')` on both servers.",
  },
  {
    facts: ["whether DATABASE on INSTANCE is accessible", "whether the databases on INSTANCE are accessible"],
    why: "the call after the restore failed",
    remedy: "Run `pulumi refresh`, which checks again.",
  },
  {
    facts: ["whether source and destination agree", "FILE does not exist"],
    why: "a file of the comparison is not written, or its path is unknown",
    remedy: "Write it with `sql/baseline.sql` or `sql/verify.sql`: `pulumi up` fails without it.",
  },
];

/** The table of what a preview may leave unchecked. */
export function notCheckedTable(): string {
  const rows = UNCHECKED.map(({ facts, why, remedy }) => `| ${facts.join("<br>")} | ${why} | ${remedy} |`);
  return ["| not checked | because | do |", "| --- | --- | --- |", ...rows].join("\n");
}
