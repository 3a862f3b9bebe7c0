/**
 * - `differs`: data or objects differ, or could not be read;
 * - `todo`: something that a backup does not contain must be set by hand;
 * - `expected`: a migration to RDS always changes this.
 */
export const DIFFERENCE_KINDS = ["differs", "todo", "expected"] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  database: string;
  kind: DifferenceKind;
  /** One line for a DBA, with both values. */
  text: string;
}

/** A difference without its database. */
export type Found = Omit<Difference, "database">;
export const differs = (text: string): Found => ({ kind: "differs", text });
export const todo = (text: string): Found => ({ kind: "todo", text });
