import { isAdopted, takesIncrements } from "../model/inputs";
import type { HandlerContext } from "../session/handler-context";
import { checkBackup, checkRecoveryModel } from "./backup";
import { checkObject } from "./bucket";
import { examineDestination } from "./examine-destination";
import { fetchBucketFindings } from "./fetch-bucket";
import { checkSourceBaseline } from "./fetch-source";
import { fetchOrNote } from "./fetched";
import { type Finding, shared } from "./finding";
import { checkInstance, checkStatus } from "./instance";
import { checkDatabaseName, checkKey } from "./names";
import type { PreflightInput } from "./preflight-input";

/** Everything that is not checked when the instance cannot be fetched. */
const THE_INSTANCE = "the instance (its state, version, disk, databases, accounts and quotas)";

/**
 * Finds the problems of a new migration before anything is sent. All migrations of the run share the fetched facts, so
 * the number of requests grows with pages and not with databases. The checks themselves are pure functions in this
 * folder. The findings may repeat each other.
 */
export async function preflight(context: HandlerContext, input: PreflightInput): Promise<Finding[]> {
  const { session } = context;
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
      : await fetchOrNote(findings, THE_INSTANCE, () => session.lookups.instance(inputs, instanceId));
  const instance = fetched?.kind === "fetched" ? fetched.value : undefined;
  const instanceFindings = instance === undefined ? [] : checkInstance(instance).map(shared);
  findings.push(...instanceFindings);
  await fetchBucketFindings(session, inputs, instance, findings);
  if (!isAdopted(inputs)) {
    if (databaseName !== undefined) findings.push(...checkDatabaseName(databaseName));
    await checkSourceBaseline(session, input, instance, findings);
  }
  if (instance === undefined || instanceFindings.some(({ severity }) => severity === "error")) return findings;
  if (isAdopted(inputs) || databaseName === undefined) {
    const status = checkStatus(instance);
    if (status !== undefined) findings.push(shared(status));
    return findings;
  }
  await examineDestination(context, { ...input, database: databaseName }, instance, findings);
  return findings;
}
