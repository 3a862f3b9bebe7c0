import type { Baseline, DatabaseBaseline } from "./baseline";
import { differs, type Found } from "./difference";

/** What the scripts could not read on each side. */
export type NotRead = Readonly<Record<"source" | "destination", (Baseline | DatabaseBaseline)["notRead"]>>;

/**
 * Why the facts `what` may be missing on either side; empty where both sides are complete. A query that failed gives no
 * rows, and catalog views return fewer rows, and no error, to a login without the rights for them (`rights.sql`): the rows
 * that are there prove nothing. Of facts that newer versions have, `what` ends with the version.
 */
export const cannotTell = (what: string, statement: string, sides: NotRead): Found[] =>
  Object.entries(sides).flatMap(([side, notRead]) =>
    notRead
      .filter((each) => each.what === what || each.what.startsWith(`${what} (`))
      .map((each) =>
        differs(`not read/${each.what}/${side}`, `cannot tell whether ${statement}: on the ${side}, ${each.why}`),
      ),
  );
