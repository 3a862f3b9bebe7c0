import { z } from "zod";
import { migrationError } from "../errors/migration-error";

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  /** Replaced, and still to be deleted. */
  delete: z.boolean().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  /** When the engine last wrote the resource; UTC. The engine writes it since version 3.57. */
  modified: z.string().optional(),
  /** Why the last create or update failed although it left outputs. */
  initErrors: z.array(z.string()).nullish(),
});
export type StackResource = z.infer<typeof resource>;

const exported = z.object({
  deployment: z
    .object({
      resources: z.array(resource).nullish(),
      /** Steps that a run has begun and not ended: it still runs, or it was killed. */
      pending_operations: z.array(z.object({ resource, type: z.string() })).nullish(),
    })
    .nullish(),
});

/** The part of one or several exported stacks that `status` and `report` need. */
export interface StackState {
  resources: StackResource[];
  pendingOperations: { resource: StackResource; type: string }[];
}

/**
 * Parses the output of `pulumi stack export`.
 * @param file name of the text in messages
 * @throws STACK_STATE_UNREADABLE
 */
export function parseStackState(content: string, file: string): StackState {
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw migrationError("STACK_STATE_UNREADABLE", { file, fault: "it is not JSON" }, { cause });
  }
  const { success, data, error } = exported.safeParse(json);
  if (!success) {
    const [issue] = error.issues;
    const fault = `${issue?.path.join(".") || "the document"}: ${issue?.message}`;
    throw migrationError("STACK_STATE_UNREADABLE", { file, fault }, { cause: error });
  }
  return {
    resources: data.deployment?.resources ?? [],
    pendingOperations: data.deployment?.pending_operations ?? [],
  };
}

/** One state with the records of all, for example of the shards of a fleet. */
export const mergeStates = (states: readonly StackState[]): StackState => ({
  resources: states.flatMap(({ resources }) => resources),
  pendingOperations: states.flatMap(({ pendingOperations }) => pendingOperations),
});

/** The resources that exist, the latest written last, so that the order of an export and of several does not matter. */
export const currentResources = ({ resources }: StackState): StackResource[] =>
  resources
    .filter((each) => each.delete !== true && each.outputs !== undefined)
    .sort((one, other) => writtenMs(one) - writtenMs(other) || (one.urn < other.urn ? -1 : 1));

const writtenMs = ({ modified }: StackResource): number => Date.parse(modified ?? "") || 0;
