import { isMissingDatabase } from "../decisions/missing-database";
import { outputsOf } from "../decisions/run-record";
import { migrationError } from "../errors/migration-error";
import type { MigrationInputs } from "../model/inputs";
import { isSameName } from "../model/names";
import type { MigrationOutputs } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import { isOnline } from "../session/databases";
import type { HandlerContext } from "../session/handler-context";
import { converge } from "./converge";
import { openJob } from "./create";

type NamedInputs = MigrationInputs & { databaseName: string };

/**
 * `adopt: true` with another name on a finished migration: records the database under its new name and keeps the facts of the
 * backup and the task. While the old database still exists, the other one has another origin, and nothing is kept.
 * @throws ADOPT_NO_DATABASE
 */
export async function adoptRenamed(
  context: HandlerContext,
  prior: MigrationOutputs,
  inputs: NamedInputs,
  hostInputs: PlainObject,
): Promise<{ outs: PlainObject }> {
  const { session, log } = context;
  const { instanceId, databaseName } = inputs;
  const nowMs = session.clock.now();
  const databases = await session.lookups.databases(inputs, instanceId, nowMs);
  const find = (wanted: string) => databases.find(({ name }) => isSameName(name, wanted));
  if (find(prior.databaseName) !== undefined) {
    log.warning(
      `${prior.databaseName} still exists on ${instanceId}: ${databaseName} is recorded as another database.`,
    );
    return { outs: toPlain(await converge({ job: openJob(context, inputs, undefined), hostInputs })) };
  }
  const renamed = find(databaseName);
  if (renamed === undefined || !isOnline(renamed))
    throw migrationError("ADOPT_NO_DATABASE", { database: databaseName, instance: instanceId });
  const job = openJob(context, inputs, { ...prior, databaseName });
  job.progress.status = "online";
  job.progress.finishedAt = prior.finishedAt;
  job.progress.warnings = job.progress.warnings.filter((warning) => !isMissingDatabase(warning));
  log.info(`recorded ${databaseName} as the new name of ${prior.databaseName}; dataAsOf, size and task are kept`);
  return { outs: toPlain(outputsOf(job)) };
}
