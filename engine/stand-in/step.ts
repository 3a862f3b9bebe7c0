import type { StepMetadata, StepState } from "../events";
import { mapMembers, type PropertyMap, redacted } from "./property-value";
import type { ResourceState } from "./resource-state";
import type { Urn } from "./urn";

/** The reply to the registration of a resource. */
export interface Registered {
  state: ResourceState;
  result: "success" | "failed" | "skipped";
}

/** Replies to the program's registration; called once. */
export type Reply = (registered: Registered) => void;

/** One operation on one resource. The ops have the names of the engine (pkg/display/step_op.go of pulumi/pulumi). */
export type Step =
  /** Takes the new inputs and keeps the old outputs. */
  | { op: "same"; old: ResourceState; new: ResourceState; reply?: Reply }
  | { op: "create"; new: ResourceState; reply: Reply }
  /** `deleteLater`: the old resource still exists and is deleted at the end of the run. */
  | {
      op: "create-replacement";
      old: ResourceState;
      new: ResourceState;
      deleteLater: boolean;
      keys: string[];
      reply: Reply;
    }
  | { op: "update"; old: ResourceState; new: ResourceState; reply: Reply }
  /** Only marks that the two other steps belong together. */
  | { op: "replace"; old: ResourceState; new: ResourceState; keys: string[] }
  | { op: "delete"; old: ResourceState }
  /** `replacementFollows`: the record of the deleted resource stays until the replacement exists. */
  | { op: "delete-replaced"; old: ResourceState; replacementFollows: boolean }
  /** Removes the record of a resource that was deleted for a replacement which the program no longer declares. */
  | { op: "remove-pending-replace"; old: ResourceState }
  | { op: "refresh"; old: ResourceState; found: Refreshed };

/** The result of a refresh, filled in while the step runs. */
export interface Refreshed {
  /** Undefined when the resource no longer exists. */
  state: ResourceState | undefined;
  op: "same" | "update" | "delete";
}

export const oldOf = (step: Step): ResourceState | undefined => ("old" in step ? step.old : undefined);
export const newOf = (step: Step): ResourceState | undefined => {
  if (step.op === "refresh") return step.found.state;
  return "new" in step ? step.new : undefined;
};

/** The resource of the step. */
export function subjectOf(step: Step): ResourceState {
  if (step.op === "refresh") return step.old;
  return "new" in step ? step.new : step.old;
}

/** Whether the summary counts the step; a replacement counts once, as `replace`. */
export const isLogical = (step: Step): boolean =>
  !["create-replacement", "delete-replaced", "remove-pending-replace", "refresh"].includes(step.op);

export const replyOf = (step: Step): Reply | undefined => ("reply" in step ? step.reply : undefined);

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
