import { converge, startProgress } from "./converge";
import { type PlainObject, toPlain } from "./host/plain";
import { parseInputs, timeoutMs } from "./inputs";
import type { Job } from "./job";
import { type MigrationOutputs, migrationId } from "./outputs";
import type { Session } from "./session";

/** Begins a migration, or takes up the one that a killed run left behind. */
export async function create(
  session: Session,
  signal: AbortSignal,
  hostInputs: PlainObject,
): Promise<{ id: string; outs: PlainObject }> {
  const job = openJob(session, signal, hostInputs, undefined);
  const outputs = await converge({ job, hostInputs });
  return { id: migrationId(job.inputs.instanceId, job.progress.databaseName), outs: toPlain(outputs) };
}

/** What create and update begin with. */
export function openJob(
  session: Session,
  signal: AbortSignal,
  hostInputs: PlainObject,
  prior: MigrationOutputs | undefined,
): Job {
  const inputs = parseInputs(hostInputs);
  const now = session.clock.now();
  const databaseName = inputs.databaseName ?? "";
  return {
    inputs,
    progress: startProgress(databaseName, prior, now),
    session,
    signal,
    deadlineMs: now + timeoutMs(inputs),
  };
}
