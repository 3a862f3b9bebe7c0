import { IMPORT_ROLE } from "../aliyun/ram-api";
import { isMigrationError, migrationError } from "../errors/migration-error";
import type { Failure } from "../model/outputs";
import type { Scope } from "../model/scope";
import { isRoleMissing } from "../preflight/access";
import { fetchImportRoles } from "../preflight/fetch-roles";
import type { Session } from "../session/session";
import { describeFailure } from "./failure";

/** Failures that a missing import role may have caused: RDS could not read the object, or its text is not documented. */
const MAY_LACK_ROLE: readonly string[] = ["API_OSS_URL", "TASK_FAILED"];

/**
 * A failure with a cause that the service does not name. The error text of a missing import role is not documented, so the
 * role itself is checked again, whatever the preflight found. Without the permission to check, the service's text stays.
 * @param notBeforeMs when the fetch that showed the failure began: migrations that fail together share one check of the role
 */
export async function explainFailure(
  { session, scope, notBeforeMs }: { session: Session; scope: Scope; notBeforeMs: number },
  failure: Failure,
): Promise<Failure> {
  if (!MAY_LACK_ROLE.includes(failure.code)) return failure;
  try {
    const roles = await fetchImportRoles(session, scope, notBeforeMs);
    if (!isRoleMissing(roles)) return failure;
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return failure;
  }
  const { requestId } = failure;
  const found = describeFailure(migrationError("IMPORT_ROLE_MISSING", { role: IMPORT_ROLE, said: failure.cause }));
  return requestId === undefined ? found : { ...found, requestId };
}
