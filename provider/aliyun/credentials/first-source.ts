import { isMigrationError, migrationError } from "../../errors/migration-error";
import type { CredentialSource } from "../object-store";
import { type NamedSource, reasonOf, SourceFault } from "./source-fault";

/** Sources in their order. Those of `written` are read at every call, because they cost nothing and may change. */
export interface SourceList {
  written: readonly NamedSource[];
  others: readonly NamedSource[];
}

/** The source that has keys, and why the sources before it have none. */
export interface SourceChoice {
  place: string;
  reasons: readonly string[];
}

/**
 * The keys of the first source that has any. A source of `others` is passed over only when nothing is configured there: behind
 * one that is configured and has no keys, the next may belong to another account. For the same reason the source of the keys stays
 * the choice: when it fails later, its reason is the error. Keys that are written down later in a place before it still count.
 * @param onChoice called each time a source returned keys
 * @throws NO_CREDENTIALS (from `get`) with the reason of each source
 */
export function firstSource(list: () => SourceList, onChoice?: (choice: SourceChoice) => void): CredentialSource {
  let chosen: NamedSource | undefined;
  return {
    async get(options) {
      const reasons: string[] = [];
      const sources = list();
      let broken: NamedSource | undefined;
      for (const source of candidates(sources, chosen)) {
        if (broken !== undefined && !sources.written.includes(source))
          throw migrationError("NO_CREDENTIALS", { reasons, endedAt: broken.place });
        try {
          const keys = await source.get(options);
          chosen = source;
          onChoice?.({ place: source.place, reasons });
          return keys;
        } catch (error) {
          // A wrong value is an error of its own, also where another source has keys.
          if (isMigrationError(error) && error.code === "INPUT_INVALID") throw error;
          reasons.push(`${source.place}: ${reasonOf(error)}`);
          if (!(error instanceof SourceFault && error.kind === "unset")) broken ??= source;
        }
      }
      throw migrationError("NO_CREDENTIALS", { reasons });
    },
  };
}

/** All sources until one is chosen; then that one and those of `written` before it. */
function candidates({ written, others }: SourceList, chosen: NamedSource | undefined): readonly NamedSource[] {
  if (chosen !== undefined && others.includes(chosen)) return [...written, chosen];
  const at = chosen === undefined ? -1 : written.indexOf(chosen);
  return at >= 0 ? written.slice(0, at + 1) : [...written, ...others];
}
