import type { DestinationEngine } from "../../model/engine-version";
import type { Baseline, DatabaseBaseline } from "../baseline";
import { listed } from "../listed";

/** Input of a rule: one database of the source, and the known facts about the destination. */
export interface RuleContext {
  database: DatabaseBaseline;
  source: Baseline;
  /** Undefined while the instance is unknown. */
  engine: DestinationEngine | undefined;
  /** Name keys of the databases that are migrated together. */
  together: ReadonlySet<string>;
}

/** One check that a DBA would make before a migration. */
export interface BaselineRule {
  code: string;
  /** `error`: the migration would fail. `warning`: it works, but needs attention. */
  severity: "error" | "warning";
  /** Describes the problem with the database's values; undefined without a problem. */
  find: (context: RuleContext) => string | undefined;
  remedy: string;
  source: string;
}

/** `what` if the condition holds. */
export const when = (holds: boolean | null | undefined, what: string): string | undefined =>
  holds === true ? what : undefined;

/** `what` with the list of items, if any. */
export const any = (items: readonly string[], what: (list: string) => string): string | undefined =>
  items.length === 0 ? undefined : what(listed(items));
