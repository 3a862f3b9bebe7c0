import { dirname, join } from "node:path";
import type { InstanceFacts } from "../aliyun/rds-api";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../model/backup-location";
import type { MigrationInputs } from "../model/inputs";
import type { Session } from "../session/session";
import type { Baseline } from "../source/baseline";
import { BASELINE_FILE } from "../source/baseline-file";
import { fetchOrNote } from "./fetched";
import { type Finding, notChecked } from "./finding";
import type { PreflightInput } from "./preflight";
import { checkSource } from "./source";

/** What `sql/baseline.sql` wrote about the source: its findings, and what only it tells. */
export async function checkSourceBaseline(
  session: Session,
  { inputs, examined, databaseName }: PreflightInput,
  instance: InstanceFacts | undefined,
  findings: Finding[],
): Promise<void> {
  const [set] = examined?.content.sets ?? [];
  const database = set?.DatabaseName ?? databaseName;
  if (database === undefined || inputs.backup === undefined) return;
  const seen = await fetchOrNote(findings, "the baseline of the source", () => baselineOf(session, inputs, findings));
  if (seen.kind === "failed") return;
  const { value: baseline } = seen;
  const hasHeader = Boolean(set?.DatabaseVersion);
  findings.push(...(baseline === undefined ? [NO_BASELINE] : checkSource({ baseline, database, instance, hasHeader })));
}

const NO_BASELINE = notChecked(
  "the source's collation, its transparent data encryption (TDE), and the features that the instance's edition may lack",
  `A backup's header tells none of them: save what sql/baseline.sql prints as ${BASELINE_FILE} beside the backups, or name it in [baseline].`,
);

/** A file beside the backups that is no baseline stops nothing; one that the program names does. */
async function baselineOf(
  session: Session,
  inputs: Partial<MigrationInputs>,
  findings: Finding[],
): Promise<Baseline | undefined> {
  if (inputs.baseline !== undefined) {
    const named = await session.baseline(inputs.baseline);
    if (named === undefined) throw migrationError("BASELINE_MISSING", { file: inputs.baseline });
    return named;
  }
  const beside = besideBackup(inputs);
  if (beside === undefined) return undefined;
  try {
    return await session.baseline(beside);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    findings.push(notChecked("the baseline of the source", error.message, "warning"));
    return undefined;
  }
}

function besideBackup({ backup = "", bucket }: Partial<MigrationInputs>): string | undefined {
  const location = parseBackupLocation(backup, bucket);
  return location.kind === "file" ? join(dirname(location.path), BASELINE_FILE) : undefined;
}
