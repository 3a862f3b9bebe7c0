/**
 * - `differs`: data or objects are not what they were, or could not be looked at;
 * - `todo`: something that no backup carries has to be set by hand;
 * - `expected`: a migration to RDS does this.
 */
export const DIFFERENCE_KINDS = ["differs", "todo", "expected"] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  database: string;
  kind: DifferenceKind;
  /** In the words of a DBA, with both values. */
  text: string;
}

/** A difference, before its database is said. */
export type Found = Omit<Difference, "database">;
export const differs = (text: string): Found => ({ kind: "differs", text });
export const todo = (text: string): Found => ({ kind: "todo", text });
