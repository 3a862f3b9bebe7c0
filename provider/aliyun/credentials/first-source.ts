import { isMigrationError, migrationError } from "../../errors/migration-error";
import type { CredentialSource } from "../object-store";
import { type NamedSource, reasonOf } from "./source-fault";

/** Sources in their order. Those of `written` are read at every call, because they cost nothing and may change. */
export interface SourceList {
  written: readonly NamedSource[];
  others: readonly NamedSource[];
}

/**
 * The keys of the first source that has any. Of `others`, the one that had keys stays the choice until it fails or new
 * keys are demanded, so that an absent metadata service does not delay each call.
 * @throws NO_CREDENTIALS (from `get`) with the reason of each source
 */
export function firstSource(list: () => SourceList): CredentialSource {
  let chosen: NamedSource | undefined;
  return {
    async get(options) {
      const { written, others } = list();
      const held = others.find((source) => source === chosen && !options?.fresh);
      const rounds = held === undefined ? [[...written, ...others]] : [[...written, held], others];
      const reasons = new Map<string, string>();
      for (const source of rounds.flat()) {
        try {
          const keys = await source.get(options);
          chosen = source;
          return keys;
        } catch (error) {
          // A wrong value is an error of its own, also where another source has keys.
          if (isMigrationError(error) && error.code === "INPUT_INVALID") throw error;
          reasons.set(source.place, reasonOf(error));
        }
      }
      chosen = undefined;
      throw migrationError("NO_CREDENTIALS", { reasons: [...reasons].map(([place, reason]) => `${place}: ${reason}`) });
    },
  };
}
