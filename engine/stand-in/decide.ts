import { isPropertyMap, type PropertyMap, sameValue } from "./property-value";
import type { DiffAnswer } from "./provider";
import type { ResourceState } from "./resource-state";

/** The decision about an existing resource. */
export type Decision =
  | { kind: "same" }
  | { kind: "update" }
  | { kind: "replace"; deleteFirst: boolean; keys: string[] };

/** The result of a comparison, completed by the engine where the provider returned no result. */
export interface Difference {
  changed: boolean;
  /** Inputs whose change forces a replacement. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

export const NO_DIFFERENCE: Difference = { changed: false, replaces: [], deleteBeforeReplace: false };
export const replaceBecause = (key: string): Difference => ({ ...NO_DIFFERENCE, changed: true, replaces: [key] });

/**
 * Applies the engine's rules in order. A replacing change or an interrupted replacement replaces; any other change
 * updates; a resource with init errors is updated even if nothing changed (pkg/resource/deploy/step_generator.go,
 * continueStepsFromDiff).
 */
export function decide(comparison: {
  old: ResourceState;
  difference: Difference;
  deleteBeforeReplace: boolean | undefined;
}): Decision {
  const { old, difference } = comparison;
  const replace = difference.replaces.length > 0 || old.pendingReplacement === true;
  if (replace && (difference.changed || old.pendingReplacement)) {
    const deleteFirst = comparison.deleteBeforeReplace ?? difference.deleteBeforeReplace;
    return { kind: "replace", deleteFirst, keys: difference.replaces };
  }
  if (difference.changed || (old.initErrors?.length ?? 0) > 0) return { kind: "update" };
  return { kind: "same" };
}

/** The difference that the provider reported. For a provider without `diff`, the engine compares the inputs. */
export function differenceOf(answer: DiffAnswer, oldInputs: PropertyMap, newInputs: PropertyMap): Difference {
  const changed = answer.changes === "unknown" ? !sameValue(oldInputs, newInputs) : answer.changes === "some";
  return { changed, replaces: answer.replaces, deleteBeforeReplace: answer.deleteBeforeReplace };
}

/** `inputs` with the old values of the ignored properties: `name`, `tags.owner`, `*`. */
export function withIgnored(inputs: PropertyMap, old: PropertyMap, ignoreChanges: readonly string[]): PropertyMap {
  const kept = structuredClone(inputs);
  for (const path of ignoreChanges) {
    if (path === "*") return structuredClone(old);
    keepOld(kept, old, path.split("."));
  }
  return kept;
}

function keepOld(target: PropertyMap, source: PropertyMap | undefined, [key = "", ...rest]: string[]): void {
  const before = source?.[key];
  if (rest.length > 0) {
    const inner = target[key];
    if (isPropertyMap(inner)) keepOld(inner, isPropertyMap(before) ? before : undefined, rest);
  } else if (before === undefined) {
    delete target[key];
  } else {
    target[key] = before;
  }
}
