import type { ExaminedBackup } from "../backup-files/examine-backup";
import { isAdopted, type MigrationInputs, takesIncrements } from "../model/inputs";
import type { Session } from "../session/session";
import { checkBackup, checkRecoveryModel } from "./backup";
import { checkObject } from "./bucket";
import { dedupeFindings } from "./dedupe-findings";
import { examineDestination } from "./examine-destination";
import { fetchBucketFindings } from "./fetch-bucket";
import { checkSourceBaseline } from "./fetch-source";
import { fetchOrNote } from "./fetched";
import type { Finding } from "./finding";
import { checkInstance, checkStatus } from "./instance";
import { checkDatabaseName, checkKey } from "./names";

/** Everything that is not checked when the instance cannot be fetched. */
const THE_INSTANCE = "the instance (its state, version, disk, databases, accounts and quotas)";

export interface PreflightInput {
  inputs: Partial<MigrationInputs>;
  urn: string;
  databaseName: string | undefined;
  objectKey: string | undefined;
  /** Undefined when the file is not available: a manifest entry replaces it, or the task is adopted. */
  examined: ExaminedBackup | undefined;
  /** This run replaces the resource: its own finished task does not explain a database of that name. */
  replaces: boolean;
}

/**
 * Finds the problems of a new migration before anything is sent. All migrations of the run share the fetched facts, so
 * the number of requests grows with pages and not with databases. The checks themselves are pure functions in this
 * folder.
 */
export const preflight = async (session: Session, input: PreflightInput): Promise<Finding[]> =>
  dedupeFindings(await fetchAndCheck(session, input));

async function fetchAndCheck(session: Session, input: PreflightInput): Promise<Finding[]> {
  const { inputs, examined, objectKey, databaseName } = input;
  const findings: Finding[] = [];
  if (examined !== undefined && !isAdopted(inputs)) {
    findings.push(...checkBackup(examined));
    if (takesIncrements(inputs)) findings.push(...checkRecoveryModel(examined));
  }
  if (examined?.object !== undefined) findings.push(...checkObject(examined.object));
  if (objectKey !== undefined) findings.push(...checkKey(objectKey));
  const { instanceId } = inputs;
  const fetched =
    instanceId === undefined
      ? undefined
      : await fetchOrNote(findings, THE_INSTANCE, () => session.instance(inputs, instanceId));
  const instance = fetched?.kind === "fetched" ? fetched.value : undefined;
  const instanceFindings = instance === undefined ? [] : checkInstance(instance);
  findings.push(...instanceFindings);
  await fetchBucketFindings(session, inputs, instance, findings);
  if (!isAdopted(inputs)) {
    if (databaseName !== undefined) findings.push(...checkDatabaseName(databaseName));
    await checkSourceBaseline(session, input, instance, findings);
  }
  if (instance === undefined || instanceFindings.some(({ severity }) => severity === "error")) return findings;
  if (isAdopted(inputs) || databaseName === undefined) {
    const status = checkStatus(instance);
    if (status !== undefined) findings.push(status);
    return findings;
  }
  await examineDestination(session, { ...input, database: databaseName }, instance, findings);
  return findings;
}
