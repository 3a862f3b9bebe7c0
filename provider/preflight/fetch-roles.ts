import { IMPORT_ROLE, LINKED_ROLE } from "../aliyun/ram-api";
import type { Scope } from "../model/scope";
import type { Session } from "../session/session";
import type { ImportRoles } from "./access";

/** Fetches the roles with which RDS may read buckets. `notBeforeMs` excludes cached answers that are older. */
export async function fetchImportRoles(session: Session, scope: Scope, notBeforeMs?: number): Promise<ImportRoles> {
  const importRole = await session.lookups.role(scope, IMPORT_ROLE, notBeforeMs);
  if (importRole !== undefined) return { importRole };
  return { importRole, linkedRole: await session.lookups.role(scope, LINKED_ROLE, notBeforeMs) };
}
