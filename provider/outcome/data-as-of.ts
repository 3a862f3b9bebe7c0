/**
 * Which time the databases are of, in one sentence: full backups hold nothing that the source writes after them.
 * Undefined where no backup tells its time.
 */
export function describeDataAsOf(databases: readonly { database: string; dataAsOf?: string }[]): string | undefined {
  const told = databases.flatMap(({ database, dataAsOf }) => (dataAsOf ? [{ database, dataAsOf }] : []));
  told.sort((one, other) => (one.dataAsOf < other.dataAsOf ? -1 : 1));
  const [first] = told;
  const last = told.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const span =
    first.dataAsOf === last.dataAsOf
      ? first.dataAsOf
      : `${first.dataAsOf} (${first.database}) to ${last.dataAsOf} (${last.database})`;
  return `the data is as of ${span}, the source server's local time; later writes are not in it`;
}
