import type { BucketFacts } from "../aliyun/object-store";
import { IMPORT_ROLE } from "../aliyun/ram-api";
import type { InstanceFacts } from "../aliyun/rds-api";
import { isMigrationError, migrationError } from "../errors/migration-error";
import type { MigrationInputs } from "../model/inputs";
import type { Session } from "../session/session";
import { checkBucketOwner, checkImportRole } from "./access";
import { checkBucket } from "./bucket";
import { fetchImportRoles } from "./fetch-roles";
import { fetchOrNote } from "./fetched";
import type { Finding } from "./finding";

/** The bucket and the role that RDS reads it with. */
export async function fetchBucketFindings(
  session: Session,
  inputs: Partial<MigrationInputs>,
  instance: InstanceFacts | undefined,
  findings: Finding[],
): Promise<void> {
  const { bucket: name } = inputs;
  if (name === undefined) return;
  const bucket = await fetchOrNote(findings, "the bucket", () => bucketFacts(session, inputs, name));
  if (bucket.kind === "seen" && bucket.value === "notThereYet") {
    const message = `not checked: the bucket ${name}, which does not exist yet; it is checked at up.`;
    findings.push({ severity: "warning", code: "OSS_NO_SUCH_BUCKET", message });
  }
  const facts = bucket.kind === "seen" && bucket.value !== "notThereYet" ? bucket.value : undefined;
  if (facts !== undefined) findings.push(...checkBucket(facts, instance));
  const what = `the role ${IMPORT_ROLE}, and with it whether the bucket belongs to the account of the instance`;
  const roles = await fetchOrNote(findings, what, () => fetchImportRoles(session, inputs));
  if (roles.kind === "failed") return;
  // A role that this very program creates is not there yet when it is previewed.
  if (roles.value.importRole !== undefined || !inputs.roleMayNotExistYet)
    findings.push(...checkImportRole(roles.value));
  if (facts !== undefined) findings.push(...checkBucketOwner(facts, roles.value.importRole));
}

async function bucketFacts(
  session: Session,
  inputs: Partial<MigrationInputs>,
  name: string,
): Promise<BucketFacts | "notThereYet"> {
  try {
    return await session.bucket(inputs, name);
  } catch (error) {
    // A bucket that this very program creates is not there yet when it is previewed.
    if (!isMigrationError(error)) throw error;
    if (inputs.mayNotExistYet && error.code === "OSS_NO_SUCH_BUCKET") return "notThereYet";
    const { message: said = "" } = error.service ?? {};
    // A missing permission in one's own account is worded otherwise.
    if (error.code === "OSS_ACCESS_DENIED" && /not belong to you/i.test(said))
      throw migrationError("BUCKET_FOREIGN", { bucket: name, said }, { cause: error, service: error.service });
    throw error;
  }
}
