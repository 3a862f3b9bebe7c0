import { converge } from "./converge";
import { openJob } from "./create";
import { type PlainObject, toPlain } from "./host/plain";
import type { MigrationOutputs } from "./outputs";
import type { Session } from "./session";

/** Goes on where the last run stopped; `olds` are the recorded outputs. */
export async function update(
  session: Session,
  signal: AbortSignal,
  olds: PlainObject,
  hostInputs: PlainObject,
): Promise<{ outs: PlainObject }> {
  // Outputs are written by this provider only; members that another version did not write are read as absent.
  const prior = olds as unknown as MigrationOutputs;
  const job = openJob(session, signal, hostInputs, prior);
  const outputs = await converge({ job, hostInputs, prior });
  return { outs: toPlain(outputs) };
}
