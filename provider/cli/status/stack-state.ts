import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { migrationError } from "../../errors/migration-error";
import { parseStackState, type StackState } from "../../stack-state/exported-stack";
import { type PulumiFault, runPulumi } from "../program/run-pulumi";

/** What to say where a state has no database, after the name of the program. */
export const NO_DATABASE =
  "the state has no database of this package yet: pulumi up records each one as it begins it. Another state: --stack NAME or --state FILE.";

/** The longest output of `pulumi stack export`; bytes. */
const LONGEST_EXPORT = 2 ** 30;

/**
 * The state of a stack: from a file, from stdin (`-`), or from `pulumi stack export` in the working folder.
 * @throws STACK_EXPORT_FAILED, STACK_STATE_UNREADABLE
 */
export async function readStackState({ state, stack }: { state?: string; stack?: string }): Promise<StackState> {
  if (state === undefined) return parseStackState(await exportStack(stack), "The output of `pulumi stack export`");
  if (state === "-") return parseStackState(await text(process.stdin), "The text on stdin");
  const content = await readFile(state, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const fault = cause.code === "ENOENT" ? "it does not exist" : cause.message;
    throw migrationError("STACK_STATE_UNREADABLE", { file: state, fault }, { cause });
  });
  return parseStackState(content, state);
}

/** The states of several files, or that of a stack. Every file is read once. */
export async function readStackStates({
  state,
  stack,
}: {
  state: readonly string[];
  stack?: string;
}): Promise<StackState[]> {
  if (state.length === 0) return [await readStackState({ stack })];
  const states = [];
  for (const file of new Set(state)) states.push(await readStackState({ state: file }));
  return states;
}

/** Secrets stay encrypted in the output. */
async function exportStack(stack: string | undefined): Promise<string> {
  const args = ["stack", "export", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  return runPulumi(args, { maxBuffer: LONGEST_EXPORT }).catch((cause: PulumiFault) => {
    throw migrationError("STACK_EXPORT_FAILED", { why: cause.message }, { cause });
  });
}
