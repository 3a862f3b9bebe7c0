import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { migrationError } from "../../errors/migration-error";
import { type PulumiFault, runPulumi } from "../program/run-pulumi";

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

/** The part of an exported stack that the status needs. */
export interface StackState {
  resources: StackResource[];
  pendingOperations: { resource: StackResource; type: string }[];
}

/** The longest output of `pulumi stack export`; bytes. */
const LONGEST_EXPORT = 2 ** 30;

/**
 * The state of a stack: from a file, from stdin (`-`), or from `pulumi stack export` in the working folder.
 * @throws STACK_EXPORT_FAILED, STACK_STATE_UNREADABLE
 */
export async function readStackState({ state, stack }: { state?: string; stack?: string }): Promise<StackState> {
  if (state === undefined) return parseState(await exportStack(stack), "The output of `pulumi stack export`");
  if (state === "-") return parseState(await text(process.stdin), "The text on stdin");
  const content = await readFile(state, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const fault = cause.code === "ENOENT" ? "it does not exist" : cause.message;
    throw migrationError("STACK_STATE_UNREADABLE", { file: state, fault }, { cause });
  });
  return parseState(content, state);
}

function parseState(content: string, file: string): StackState {
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

/** Secrets stay encrypted in the output. */
async function exportStack(stack: string | undefined): Promise<string> {
  const args = ["stack", "export", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  return runPulumi(args, { maxBuffer: LONGEST_EXPORT }).catch((cause: PulumiFault) => {
    throw migrationError("STACK_EXPORT_FAILED", { why: cause.message }, { cause });
  });
}
