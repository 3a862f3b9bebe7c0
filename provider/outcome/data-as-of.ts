/** A database and the time up to which its backup contains the source's data. */
export interface DatedDatabase {
  database: string;
  dataAsOf?: string;
  /** Whether it is refused or has failed: its data does not move. */
  isFailed: boolean;
}

/**
 * Returns one sentence with the time range up to which the full backups contain the source's data, without the databases that
 * failed. Undefined where no backup has a time.
 */
export function describeDataAsOf(databases: readonly DatedDatabase[]): string | undefined {
  const dated = databases.flatMap(({ database, dataAsOf, isFailed }) =>
    dataAsOf && !isFailed ? [{ database, dataAsOf }] : [],
  );
  dated.sort((one, other) => (one.dataAsOf < other.dataAsOf ? -1 : 1));
  const [first] = dated;
  const last = dated.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const span =
    first.dataAsOf === last.dataAsOf
      ? first.dataAsOf
      : `${first.dataAsOf} (${first.database}) to ${last.dataAsOf} (${last.database})`;
  return `the data is as of ${span}, the source server's local time; later writes are not in it`;
}
