import type { Baseline, DatabaseBaseline } from "./baseline";
import { differs, type Found } from "./difference";

/**
 * What `rights.sql` records as not read. Catalog views return fewer rows, and no error, to a login without these rights, so
 * the rows that are there prove nothing.
 */
type Hidden = "definitions" | "logins";

/** Why rows of `hidden` may be missing on either side; empty where both sides are complete. */
export function cannotTell(
  hidden: Hidden,
  what: string,
  sides: Readonly<Record<"source" | "destination", Pick<Baseline | DatabaseBaseline, "notRead">>>,
): Found[] {
  return Object.entries(sides).flatMap(([side, { notRead }]) => {
    const why = notRead.find((each) => each.what === hidden)?.why;
    return why === undefined ? [] : [differs(`cannot tell whether ${what}: on the ${side}, ${why}`)];
  });
}
