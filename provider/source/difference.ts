import { listed } from "./listed";

/**
 * - `differs`: data or objects differ, or could not be read;
 * - `todo`: something that a backup does not contain must be set by hand;
 * - `expected`: a migration to RDS always changes this.
 */
export const DIFFERENCE_KINDS = ["differs", "todo", "expected"] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One table, user or setting that differs. */
export interface DifferenceItem {
  /** Stays the same while the values change, so that it can be accepted by name: `ERP/rows/[dbo].[orders]`. */
  name: string;
  /** Both values, or the reason, in one line; absent where the name says all. */
  detail?: string;
}

export interface Difference {
  database: string;
  kind: DifferenceKind;
  /** One line for a DBA, over all items. */
  text: string;
  items: DifferenceItem[];
}

/** A difference without its database, which the names of its items begin with later. */
export type Found = Omit<Difference, "database">;

/** A difference of one item. */
export const found = (kind: DifferenceKind, name: string, text: string): Found => ({
  kind,
  text,
  items: [{ name, detail: text }],
});
export const differs = (name: string, text: string): Found => found("differs", name, text);
export const todo = (name: string, text: string): Found => found("todo", name, text);

/** Members of a list that differ alike: one line for all of them, and one item for each. */
export interface Group {
  kind: DifferenceKind;
  /** What the items' names begin with: `rows`. */
  name: string;
  members: readonly { name: string; detail?: string }[];
  /** The line, from the list of members. */
  text: (list: string) => string;
}

/** The difference of a group; none without members. */
export function grouped({ kind, name, members, text }: Group): Found[] {
  if (members.length === 0) return [];
  const shown = (member: Group["members"][number]): string =>
    member.detail === undefined ? member.name : `${member.name} (${member.detail})`;
  return [
    {
      kind,
      text: text(listed(members.map(shown))),
      items: members.map(({ name: member, detail }) => ({
        name: `${name}/${member}`,
        ...(detail === undefined ? {} : { detail }),
      })),
    },
  ];
}
