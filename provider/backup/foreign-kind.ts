/** A kind of file that is named like a backup but is not one of SQL Server, and the remedy. */
export interface ForeignKind {
  what: string;
  remedy: string;
}
