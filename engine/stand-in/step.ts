import type { StepMetadata, StepState } from "../events";
import { mapMembers, type PropertyMap, redacted } from "./property-value";
import type { ResourceState } from "./resource-state";
import type { Urn } from "./urn";

/** What the program is told about a resource that it registered. */
export interface Registered {
  state: ResourceState;
  result: "success" | "failed" | "skipped";
}

/** Answers the program's registration, once. */
export type Settle = (registered: Registered) => void;

/** One thing to do to one resource. The ops are the engine's own words (pkg/display/step_op.go of pulumi/pulumi). */
export type Step =
  /** Takes the new inputs and keeps the old outputs. `absent`: not there, and not to be made in this run. */
  | { op: "same"; old: ResourceState; new: ResourceState; absent?: boolean; settle?: Settle }
  | { op: "create"; new: ResourceState; settle: Settle }
  /** `deleteLater`: the old one is still there and goes at the end of the run. */
  | {
      op: "create-replacement";
      old: ResourceState;
      new: ResourceState;
      deleteLater: boolean;
      keys: string[];
      settle: Settle;
    }
  | { op: "update"; old: ResourceState; new: ResourceState; settle: Settle }
  /** Only says that the two other steps belong together. */
  | { op: "replace"; old: ResourceState; new: ResourceState; keys: string[] }
  | { op: "delete"; old: ResourceState }
  /** `replacementFollows`: deleted first, its record stays until the replacement is there. */
  | { op: "delete-replaced"; old: ResourceState; replacementFollows: boolean }
  /** The record of a resource that was deleted for a replacement which the program no longer wants. */
  | { op: "remove-pending-replace"; old: ResourceState }
  | { op: "read"; old?: ResourceState; new: ResourceState; settle: Settle }
  | { op: "refresh"; old: ResourceState; found: Refreshed };

export type StepOp = Step["op"];

/** What a refresh found; it is filled in while the step runs. */
export interface Refreshed {
  /** Absent: the resource is gone. */
  state: ResourceState | undefined;
  op: "same" | "update" | "delete";
}

export const oldOf = (step: Step): ResourceState | undefined => ("old" in step ? step.old : undefined);
export const newOf = (step: Step): ResourceState | undefined => {
  if (step.op === "refresh") return step.found.state;
  return "new" in step ? step.new : undefined;
};

/** The resource that the step is about. */
export function subjectOf(step: Step): ResourceState {
  if (step.op === "refresh") return step.old;
  return "new" in step ? step.new : step.old;
}

/** Counted in the summary; a replacement counts once, as `replace`. */
export const isLogical = (step: Step): boolean =>
  !["create-replacement", "delete-replaced", "remove-pending-replace", "refresh"].includes(step.op);

export const settleOf = (step: Step): Settle | undefined => ("settle" in step ? step.settle : undefined);

export function metadataOf(step: Step, op: string = step.op): StepMetadata {
  const subject = subjectOf(step);
  const keys = "keys" in step ? step.keys : [];
  return {
    op,
    urn: subject.urn,
    type: subject.type,
    old: describe(oldOf(step)),
    new: describe(newOf(step)),
    ...(keys.length > 0 ? { keys } : {}),
    ...(isLogical(step) ? { logical: true } : {}),
    provider: subject.provider ?? "",
  };
}

function describe(state: ResourceState | undefined): StepState | null {
  if (!state) return null;
  return {
    type: state.type,
    urn: state.urn,
    ...(state.custom ? { custom: true } : {}),
    id: state.id ?? "",
    parent: state.parent ?? "",
    ...(state.protect ? { protect: true } : {}),
    inputs: masked(state.inputs),
    outputs: masked(state.outputs),
    provider: state.provider ?? "",
    ...(state.initErrors ? { initErrors: state.initErrors } : {}),
  };
}

const masked = (map: PropertyMap | undefined): Record<string, unknown> => mapMembers(map ?? {}, redacted);

export const dependsOnAny = (dependencies: ReadonlySet<Urn>, urns: ReadonlySet<Urn>): boolean =>
  [...dependencies].some((urn) => urns.has(urn));
