import type { DestinationEngine } from "../../model/engine-version";
import type { Baseline, DatabaseBaseline } from "../baseline";
import { listed } from "../listed";

/** What a rule looks at: one database of the source, and what is known of where it goes. */
export interface RuleContext {
  database: DatabaseBaseline;
  source: Baseline;
  /** Undefined while the instance is not known. */
  engine: DestinationEngine | undefined;
  /** Databases that are migrated together, in lower case. */
  together: ReadonlySet<string>;
}

/** One thing that a DBA would ask about before a migration. */
export interface BaselineRule {
  code: string;
  /** `error`: the migration cannot work as it is. `warning`: it works, and something is left to be done or known. */
  severity: "error" | "warning";
  /** What is the matter, with the database's own values; undefined where nothing is. */
  find: (context: RuleContext) => string | undefined;
  remedy: string;
  source: string;
}

/** The words where it holds. */
export const says = (holds: boolean | null | undefined, what: string): string | undefined =>
  holds === true ? what : undefined;

/** The words with the items in them, where there are any. */
export const any = (items: readonly string[], what: (list: string) => string): string | undefined =>
  items.length === 0 ? undefined : what(listed(items));
