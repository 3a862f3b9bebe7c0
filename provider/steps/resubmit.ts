import { neededMegabytes, planResubmission } from "../decisions/resubmission";
import type { Recheck } from "../errors/catalogue-entry";
import { parseBackupLocation } from "../files/backup-location";
import { requireBackup } from "../model/inputs";
import type { MigrationOutputs } from "../model/outputs";
import { isRoleMissing } from "../preflight/access";
import { fetchImportRoles } from "../preflight/fetch-roles";
import { isUnlocked } from "../preflight/instance";
import { findDatabase } from "../session/databases";
import type { Job } from "../session/job";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";

/** Why a failed migration is submitted again: a person changed something, no task ran, or the cause seems to be gone. */
export type Retry = "changed" | "noTask" | "inferred";

/**
 * Whether and why a migration whose task failed is submitted again: when the backup or an input of the task has changed, or
 * once for a cause when the failure passes by itself or a lookup shows that the cause in the catalogue is fixed.
 */
export async function planRetry(job: Job, failed: MigrationOutputs): Promise<Retry | undefined> {
  const plan = planResubmission(failed, job.inputs);
  if (plan.kind === "send") return SENT[plan.why];
  if (await isOtherObject(job, failed)) return "changed";
  const isInferred = plan.kind === "recheck" && (await isFixed(job, plan.recheck, failed.failure?.cause ?? ""));
  return isInferred ? "inferred" : undefined;
}

const SENT = { noTask: "noTask", otherMigration: "changed", passes: "inferred" } as const;

/** An object that the program names may have been replaced under the same key; this program never overwrites its own uploads. */
async function isOtherObject({ inputs, session }: Job, failed: MigrationOutputs): Promise<boolean> {
  const { backup, bucket } = requireBackup(inputs);
  const location = parseBackupLocation(backup, bucket);
  if (location.kind === "file") return false;
  const object = await session.clients.store(inputs).headObject(location.bucket, location.key);
  return object?.crc64 !== undefined && object.crc64 !== failed.objectCrc64;
}

async function isFixed(job: Job, recheck: Recheck, cause: string): Promise<boolean> {
  const { inputs, session } = job;
  const now = session.clock.now();
  switch (recheck) {
    case "databaseName":
      return (await findDatabase(job, now)) === undefined;
    case "databaseCount": {
      const [instance, databases] = await Promise.all([
        session.lookups.instance(inputs, inputs.instanceId),
        session.lookups.databases(inputs, inputs.instanceId, now),
      ]);
      return instance.maxDatabases === undefined || databases.length < instance.maxDatabases;
    }
    case "space": {
      const instance = await session.lookups.instance(inputs, inputs.instanceId);
      const { storageBytes } = instance;
      const usedBytes = await session.lookups.usedBytes(inputs, instance);
      const megabytes = neededMegabytes(cause);
      if (storageBytes === undefined || usedBytes === undefined || megabytes === undefined) return false;
      return storageBytes - usedBytes >= megabytes * 2 ** 20;
    }
    case "instance": {
      const { status, lockMode } = await session.lookups.instance(inputs, inputs.instanceId);
      return status === "Running" && isUnlocked(lockMode);
    }
    case "role":
      return !isRoleMissing(await fetchImportRoles(session, inputs, now - SHARED_FACTS_MAX_AGE_MS));
    case "object":
      return true; // ensureObject checks it next, and throws when it does not exist
  }
}
