import type { BaselineRecord, RecordKind } from "./baseline-records";

/** The two scripts that write a baseline. */
export const BASELINE_SCRIPTS = ["baseline", "verify"] as const;
export type BaselineScript = (typeof BASELINE_SCRIPTS)[number];

/** Type of a value in JSON. */
type ValueKind<T> = NonNullable<T> extends string ? "text" : NonNullable<T> extends number ? "number" : "flag";

/** One fact: a Transact-SQL expression over the group's source. */
export interface Fact<T = unknown> {
  kind: ValueKind<T>;
  sql: string;
  /** First major version of SQL Server (11 is 2012) that supports the expression; older servers skip it. */
  since?: number;
}

/** One query: its rows become records of one kind. */
export interface FactGroup<K extends RecordKind = RecordKind> {
  kind: K;
  /**
   * `server`: runs once and returns database names itself; `database`: runs in each database, whose name is
   * `@database`.
   */
  scope: "server" | "database";
  scripts: readonly BaselineScript[];
  /** Statements that fill temporary tables for the query. */
  before?: string;
  facts: { [F in keyof BaselineRecord<K>]: Fact<BaselineRecord<K>[F]> };
  /** The rest of the query, starting with FROM. Empty where the facts need no table. */
  from: string;
}

/** Infers the group's kind, which a list of groups would lose. */
export const factGroup = <K extends RecordKind>(group: FactGroup<K>): FactGroup<K> => group;

export const text = (sql: string, since?: number): Fact<string> => ({ kind: "text", sql, since });
export const number = (sql: string, since?: number): Fact<number> => ({ kind: "number", sql, since });
export const flag = (sql: string, since?: number): Fact<boolean> => ({ kind: "flag", sql, since });

/** `yyyy-MM-ddTHH:mm:ss`. */
export const time = (sql: string, since?: number): Fact<string> => text(`CONVERT(nvarchar(19), ${sql}, 126)`, since);
