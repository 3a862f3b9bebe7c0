import { ADDED_MIGRATION_INPUTS } from "./inputs";
import { ADDED_OUTCOME_INPUTS } from "./outcome";
import type { PlainObject } from "./plain";
import { STATE_VERSION, STATE_VERSION_KEY } from "./recorded";

/**
 * How inputs and outputs are spelled in state and between the engine and a host. Inputs that this package adds to the
 * program's begin with `__`, because the engine hides such names in rows and in `--diff`. Version 0.1.0 wrote them without
 * the mark: it is still read.
 */
const MARK = "__";

/** Inputs that only a dynamic resource's host reads. */
const HOST_INPUTS = ["resourceUrn", "preview"] as const;

export const ADDED_INPUTS: ReadonlySet<string> = new Set([
  ...HOST_INPUTS,
  ...ADDED_MIGRATION_INPUTS,
  ...ADDED_OUTCOME_INPUTS,
]);

/** The name of an input that this package adds, as a program's inputs and state spell it. */
export const marked = (name: string): string => (ADDED_INPUTS.has(name) ? `${MARK}${name}` : name);

/** The same members with the names that the handlers use. A marked name counts before an unmarked one of 0.1.0. */
export function unmarkNames(props: PlainObject): PlainObject {
  const unmarked: PlainObject = {};
  for (const [name, value] of Object.entries(props)) {
    const bare = name.startsWith(MARK) ? name.slice(MARK.length) : name;
    if (!ADDED_INPUTS.has(bare)) unmarked[name] = value;
    else if (bare !== name || !(bare in unmarked)) unmarked[bare] = value;
  }
  return unmarked;
}

/** The same members with the names that state has. */
export const markNames = (members: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [marked(name), value]));

/** Outputs as they are stored, with the version of their schema. */
export const markOutputs = (members: PlainObject): PlainObject => ({
  ...markNames(members),
  [STATE_VERSION_KEY]: STATE_VERSION,
});

/** Arguments of a program that spell a name of this package's own without its mark: none that a resource has. */
export const strayNames = (news: PlainObject): string[] => Object.keys(news).filter((name) => ADDED_INPUTS.has(name));
