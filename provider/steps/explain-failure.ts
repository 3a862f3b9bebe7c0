import { IMPORT_ROLE } from "../aliyun/ram-api";
import { isMigrationError, migrationError } from "../errors/migration-error";
import type { Failure } from "../model/outputs";
import type { Scope } from "../model/scope";
import { isRoleMissing } from "../preflight/access";
import { fetchImportRoles } from "../preflight/fetch-roles";
import type { Session } from "../session/session";
import { describeFailure } from "./failure";

/** Failures that a missing import role may be behind: RDS could not read the object, or says what no document prints. */
const PERHAPS_FOR_WANT_OF_ROLE: readonly string[] = ["API_OSS_URL", "TASK_FAILED"];

/**
 * A failure with the cause that the service does not name. How RDS words that its role is missing is on no page, so the role
 * itself is looked at, whatever the preflight saw of it before; a run that may not look keeps the service's words.
 * @param notBeforeMs when the look that met the failure began: five hundred that fail alike share one look at the role
 */
export async function explainFailure(
  { session, scope, notBeforeMs }: { session: Session; scope: Scope; notBeforeMs: number },
  failure: Failure,
): Promise<Failure> {
  if (!PERHAPS_FOR_WANT_OF_ROLE.includes(failure.code)) return failure;
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
