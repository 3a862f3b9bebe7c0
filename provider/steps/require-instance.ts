import { isMigrationError } from "../errors/migration-error";
import type { Job } from "../session/job";

/**
 * Before an upload that may take hours: every call behind it needs the instance. A look that fails in passing says nothing.
 * @throws INSTANCE_NOT_FOUND, NOT_AUTHORIZED and what else stays until somebody does something about it
 */
export async function requireInstance({ session, inputs }: Job): Promise<void> {
  try {
    await session.lookups.instance(inputs, inputs.instanceId);
  } catch (error) {
    if (!isMigrationError(error) || error.retry !== "passes") throw error;
  }
}
