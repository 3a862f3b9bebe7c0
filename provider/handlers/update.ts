import { hasTask } from "../decisions/change";
import { isAdoptedRename } from "../decisions/replacement-notice";
import { type MigrationInputs, parseInputs } from "../model/inputs";
import { type MigrationOutputs, parseOutputs } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import type { HandlerContext } from "../session/handler-context";
import { adoptRenamed } from "./adopt-renamed";
import { converge } from "./converge";
import { openJob } from "./create";

/** Continues a migration from its recorded outputs, `olds`. */
export async function update(
  context: HandlerContext,
  olds: PlainObject,
  hostInputs: PlainObject,
): Promise<{ outs: PlainObject }> {
  const prior = parseOutputs(olds);
  const wanted = parseInputs(hostInputs);
  const { databaseName } = wanted;
  if (databaseName !== undefined && isAdoptedRename(prior, wanted))
    return adoptRenamed(context, prior, { ...wanted, databaseName }, hostInputs);
  const job = openJob(context, inputsOf(wanted, prior), prior);
  const outputs = await converge({ job, hostInputs, prior });
  return { outs: toPlain(outputs) };
}

/**
 * Keeps the recorded backup once a task for it runs or has succeeded. Another backup in the program is then not migrated, and
 * recording it would lose which backup the database was restored from.
 */
function inputsOf(wanted: MigrationInputs, prior: MigrationOutputs): MigrationInputs & { databaseName: string } {
  const { databaseName, backup, backupId, chainStart = wanted.chainStart } = prior;
  const inputs = { ...wanted, databaseName };
  return hasTask(prior) && prior.status !== "failed" ? { ...inputs, backup, backupId, chainStart } : inputs;
}
