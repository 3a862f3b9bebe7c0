/**
 * Returns one sentence with the time range up to which the full backups contain the source's data. Undefined where no backup has
 * a time.
 */
export function describeDataAsOf(databases: readonly { database: string; dataAsOf?: string }[]): string | undefined {
  const dated = databases.flatMap(({ database, dataAsOf }) => (dataAsOf ? [{ database, dataAsOf }] : []));
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
