import type { Operation } from "../engine";
import { type PhaseContext, runPhase } from "./phase";

/** Exit codes of the `pulumi` command (sdk/go/common/util/cmdutil/exit.go of pulumi/pulumi). */
export const EXIT = { ok: 0, failed: 1, changesFound: 7, cancelled: 8 } as const;

/** Runs one operation over the stack under its lock, after a preview if the operation requests one. */
export async function runOperation(operation: Operation, context: PhaseContext): Promise<number> {
  if (operation.kind === "preview") return exitCode(operation, context, { preview: true });
  const unlock = context.stateFile.lock();
  try {
    if (operation.previewFirst && operation.kind !== "refresh") {
      const code = await exitCode({ ...operation, expectNoChanges: false }, context, { preview: true });
      if (code !== EXIT.ok) return code;
    }
    return await exitCode(operation, context, { preview: false });
  } finally {
    unlock();
  }
}

async function exitCode(operation: Operation, context: PhaseContext, mode: { preview: boolean }): Promise<number> {
  const { outcome, changes } = await runPhase(operation, context, mode);
  if (outcome === "abandoned") return EXIT.cancelled;
  if (outcome === "failed") return EXIT.failed;
  const changed = Object.entries(changes).some(([op, count]) => op !== "same" && count > 0);
  return operation.expectNoChanges && changed ? EXIT.changesFound : EXIT.ok;
}
