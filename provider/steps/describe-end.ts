import { formatEnd } from "../forecast/format-end";
import { takesIncrements } from "../model/inputs";
import type { Job } from "../session/job";
import type { Session } from "../session/session";

/** `online about 14:20, 35 to 50 min`; undefined while it is not known, and where the migration does not end by itself. */
export function describeDatabaseEnd({ inputs, progress, session }: Job): string | undefined {
  const { instanceId, deferred, wait = "finished" } = inputs;
  // The outcome of an instance waits for its deferred migrations.
  if (takesIncrements(inputs) || (deferred !== true && wait !== "finished")) return undefined;
  const end = session.fleet.databaseEnd(instanceId, progress.databaseName);
  return end && `online about ${formatEnd(end.range, end.atMs)}`;
}

/** `done about 14:20, 35 to 50 min`, of all databases of an instance. */
export function describeFleetEnd(session: Session, instanceId: string): string | undefined {
  const end = session.fleet.fleetEnd(instanceId);
  return end && `done about ${formatEnd(end.range, end.atMs)}`;
}
