import { ADDED_MIGRATION_INPUTS } from "./inputs";
import { ADDED_OUTCOME_INPUTS } from "./outcome";
import type { PlainObject } from "./plain";
import { STATE_VERSION, STATE_VERSION_KEY } from "./recorded";
import { ADDED_VERIFICATION_INPUTS } from "./verification";

/**
 * The prefix of the inputs that this package adds to the program's, in the state and between the engine and a host: the engine
 * hides names that begin with `__` in rows and in `--diff`. State of version 0.1.0, without the prefix, is still read.
 */
const MARK = "__";

/** Inputs that only the host of dynamic resources reads. */
const HOST_INPUTS = ["resourceUrn", "preview"] as const;

export const ADDED_INPUTS: ReadonlySet<string> = new Set([
  ...HOST_INPUTS,
  ...ADDED_MIGRATION_INPUTS,
  ...ADDED_OUTCOME_INPUTS,
  ...ADDED_VERIFICATION_INPUTS,
]);

/** Returns the name of an input in the state: with the prefix if this package adds the input. */
export const marked = (name: string): string => (ADDED_INPUTS.has(name) ? `${MARK}${name}` : name);

/** Returns the members under the names that the handlers use. A name with the prefix takes precedence over one of 0.1.0 without it. */
export function unmarkNames(props: PlainObject): PlainObject {
  const unmarked: PlainObject = {};
  for (const [name, value] of Object.entries(props)) {
    const bare = name.startsWith(MARK) ? name.slice(MARK.length) : name;
    if (!ADDED_INPUTS.has(bare)) unmarked[name] = value;
    else if (bare !== name || !(bare in unmarked)) unmarked[bare] = value;
  }
  return unmarked;
}

/** Returns the members under their names in the state. */
export const markNames = (members: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [marked(name), value]));

/** Returns outputs as they are stored, with their schema version. */
export const markOutputs = (members: PlainObject): PlainObject => ({
  ...markNames(members),
  [STATE_VERSION_KEY]: STATE_VERSION,
});

/** Returns the arguments of a program that use an internal name without its prefix; no resource has such an argument. */
export const strayNames = (news: PlainObject): string[] => Object.keys(news).filter((name) => ADDED_INPUTS.has(name));
