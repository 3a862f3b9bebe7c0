import { isMigrationError } from "../errors/migration-error";
import type { Job } from "../session/job";

/**
 * Checks the instance before an upload that may take hours, because every later call needs it. Transient errors are ignored.
 * @throws INSTANCE_NOT_FOUND, NOT_AUTHORIZED and other errors that stay until somebody fixes the cause
 */
export async function requireInstance({ session, inputs }: Job): Promise<void> {
  try {
    await session.lookups.instance(inputs, inputs.instanceId);
  } catch (error) {
    if (!isMigrationError(error) || error.retry !== "passes") throw error;
  }
}
