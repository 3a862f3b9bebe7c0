/** The warning about a database that was dropped or renamed on RDS. A refresh finds it; the state keeps it. */
export const missingDatabase = (database: string, instanceId: string): string =>
  `${database} is no longer on ${instanceId}: it was dropped or renamed there. To migrate it again, run pulumi up --replace with this resource's URN; to forget it, take it out of the program.`;

/** Whether a recorded warning is about a missing database, in the words of any version. */
export const isMissingDatabase = (warning: string): boolean =>
  / is no longer on \S+: it was dropped or renamed there/.test(warning);
