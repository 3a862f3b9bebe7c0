import type { BucketFacts } from "../aliyun/object-store";
import { IMPORT_ROLE } from "../aliyun/ram-api";
import type { InstanceFacts } from "../aliyun/rds-api";
import { findRegion } from "../aliyun/settings";
import { isMigrationError, migrationError } from "../errors/migration-error";
import type { MigrationInputs } from "../model/inputs";
import type { Scope } from "../model/scope";
import type { Session } from "../session/session";
import { checkBucketOwner, checkImportRole } from "./access";
import { checkBucket, checkRegion } from "./bucket";
import { fetchImportRoles } from "./fetch-roles";
import { fetchOrNote } from "./fetched";
import { type Finding, shared } from "./finding";

/** Checks the bucket, the region in use, and the role with which RDS reads the bucket. */
export async function fetchBucketFindings(
  session: Session,
  inputs: Partial<MigrationInputs>,
  instance: InstanceFacts | undefined,
  findings: Finding[],
): Promise<void> {
  const { bucket: name } = inputs;
  if (name === undefined) {
    findings.push(...checkRegionInUse(session, inputs, instance, undefined).map(shared));
    return;
  }
  const bucket = await fetchOrNote(findings, "the bucket", () => bucketFacts(session, inputs, name));
  if (bucket.kind === "fetched" && bucket.value === "notCreatedYet") {
    const message = `not checked: the bucket ${name} does not exist yet; pulumi up checks it.`;
    findings.push({ severity: "warning", code: "OSS_NO_SUCH_BUCKET", message, isShared: true });
  }
  const facts = bucket.kind === "fetched" && bucket.value !== "notCreatedYet" ? bucket.value : undefined;
  if (facts !== undefined) findings.push(...checkBucket(facts, instance).map(shared));
  findings.push(...checkRegionInUse(session, inputs, instance, facts).map(shared));
  const what = `the role ${IMPORT_ROLE}, and whether the bucket is of its account`;
  const roles = await fetchOrNote(findings, what, () => fetchImportRoles(session, inputs));
  if (roles.kind === "failed") return;
  // A role that the same program creates does not exist at preview.
  if (roles.value.importRole !== undefined || !inputs.roleMayNotExistYet)
    findings.push(...checkImportRole(roles.value).map(shared));
  if (facts !== undefined) findings.push(...checkBucketOwner(facts, roles.value.importRole).map(shared));
}

/** A region that is no region is reported by the calls that need it. */
function checkRegionInUse(
  session: Session,
  { region }: Partial<MigrationInputs>,
  instance: InstanceFacts | undefined,
  bucket: BucketFacts | undefined,
): Finding[] {
  if (instance === undefined && bucket === undefined) return [];
  return checkRegion(findRegion(session.settings, region), instance, bucket);
}

async function bucketFacts(
  session: Session,
  inputs: Partial<MigrationInputs>,
  name: string,
): Promise<BucketFacts | "notCreatedYet"> {
  try {
    return await existingBucketFacts(session, inputs, name);
  } catch (error) {
    // A bucket that the same program creates does not exist at preview.
    if (isMigrationError(error) && inputs.mayNotExistYet && error.code === "OSS_NO_SUCH_BUCKET") return "notCreatedYet";
    throw error;
  }
}

/** The facts of a bucket. @throws BUCKET_FOREIGN for the bucket of another account */
export async function existingBucketFacts(session: Session, scope: Scope, name: string): Promise<BucketFacts> {
  try {
    return await session.lookups.bucket(scope, name);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    const { message = "" } = error.service ?? {};
    // OSS words a missing permission in the own account differently.
    if (error.code === "OSS_ACCESS_DENIED" && /not belong to you/i.test(message))
      throw migrationError("BUCKET_FOREIGN", { bucket: name, said: message }, { cause: error, service: error.service });
    throw error;
  }
}
