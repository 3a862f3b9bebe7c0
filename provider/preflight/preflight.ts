import type { ExaminedBackup } from "../backup-files/examine-backup";
import { isAdopted, type MigrationInputs, takesIncrements } from "../model/inputs";
import type { Session } from "../session/session";
import { judgeBackup, judgeRecoveryModel } from "./backup";
import { judgeObject } from "./bucket";
import { condense } from "./condense";
import type { Finding } from "./finding";
import { judgeInstance, judgeStatus } from "./instance";
import { look } from "./look";
import { lookAtBucket } from "./look-at-bucket";
import { lookAtSource } from "./look-at-source";
import { lookInside } from "./look-inside";
import { judgeDatabaseName, judgeKey } from "./names";

/** All that hangs on the first look. */
const THE_INSTANCE = "the instance (its state, version, disk, databases, accounts and quotas)";

export interface PreflightQuestion {
  inputs: Partial<MigrationInputs>;
  urn: string;
  databaseName: string | undefined;
  objectKey: string | undefined;
  /** Undefined when it is not at hand: a manifest entry stands for it, or it is adopted. */
  examined: ExaminedBackup | undefined;
  /** This run replaces the resource: its own finished task does not explain a database of that name. */
  replaces: boolean;
}

/**
 * Everything that is found about a migration that does not exist yet, before anything is sent. The looks are shared by all
 * migrations of the run: their number grows with pages, not with databases. What is judged is pure, in the files beside this.
 */
export const preflight = async (session: Session, question: PreflightQuestion): Promise<Finding[]> =>
  condense(await lookAndJudge(session, question));

async function lookAndJudge(session: Session, question: PreflightQuestion): Promise<Finding[]> {
  const { inputs, examined, objectKey, databaseName } = question;
  const findings: Finding[] = [];
  if (examined !== undefined && !isAdopted(inputs)) {
    findings.push(...judgeBackup(examined));
    if (takesIncrements(inputs)) findings.push(...judgeRecoveryModel(examined));
  }
  if (examined?.object !== undefined) findings.push(...judgeObject(examined.object));
  if (objectKey !== undefined) findings.push(...judgeKey(objectKey));
  const { instanceId } = inputs;
  const seen =
    instanceId === undefined
      ? undefined
      : await look(findings, THE_INSTANCE, () => session.instance(inputs, instanceId));
  const instance = seen?.kind === "seen" ? seen.value : undefined;
  const instanceFindings = instance === undefined ? [] : judgeInstance(instance);
  findings.push(...instanceFindings);
  await lookAtBucket(session, inputs, instance, findings);
  if (!isAdopted(inputs)) {
    if (databaseName !== undefined) findings.push(...judgeDatabaseName(databaseName));
    await lookAtSource(session, question, instance, findings);
  }
  if (instance === undefined || instanceFindings.some(({ severity }) => severity === "error")) return findings;
  if (isAdopted(inputs) || databaseName === undefined) {
    const status = judgeStatus(instance);
    if (status !== undefined) findings.push(status);
    return findings;
  }
  await lookInside(session, { ...question, database: databaseName }, instance, findings);
  return findings;
}
