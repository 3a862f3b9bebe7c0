import { dirname, join } from "node:path";
import type { InstanceFacts } from "../aliyun/rds-api";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { parseBackupLocation } from "../files/backup-location";
import { pathOfFileUrl } from "../files/file-url";
import { locateInProject } from "../files/project-folder";
import { foreignPlaceOf } from "../model/foreign-place";
import type { MigrationInputs } from "../model/inputs";
import type { Session } from "../session/session";
import type { Baseline } from "../source/baseline";
import { BASELINE_FILE } from "../source/baseline-file";
import { fetchOrNote } from "./fetched";
import { type Finding, notChecked, shared } from "./finding";
import type { PreflightInput } from "./preflight-input";
import { checkSource } from "./source";

/** Checks the source's baseline (the output of `sql/baseline.sql`). */
export async function checkSourceBaseline(
  session: Session,
  { inputs, examined, databaseName }: PreflightInput,
  instance: InstanceFacts | undefined,
  findings: Finding[],
): Promise<void> {
  const [set] = examined?.content.sets ?? [];
  const database = set?.DatabaseName ?? databaseName;
  if (database === undefined || inputs.backup === undefined) return;
  const fetched = await fetchOrNote(findings, "the baseline of the source", () =>
    baselineOf(session, inputs, findings),
  );
  if (fetched.kind === "failed") return;
  const { value: baseline } = fetched;
  // A manifest entry of 0.1.0 has the version, but not whether the database can be written.
  const hasHeader = Boolean(set?.DatabaseVersion) && set?.IsReadOnly !== null;
  findings.push(...(baseline === undefined ? [NO_BASELINE] : checkSource({ baseline, database, instance, hasHeader })));
}

const NO_BASELINE = shared(
  notChecked(
    "the source's collation, encryption (TDE) and features of its edition",
    `A backup's header contains none of them: save the output of sql/baseline.sql as ${BASELINE_FILE} beside the backups, or give its path in [baseline].`,
  ),
);

/** An invalid file beside the backups gives a warning; an invalid file that the program names is an error. */
async function baselineOf(
  session: Session,
  inputs: Partial<MigrationInputs>,
  findings: Finding[],
): Promise<Baseline | undefined> {
  if (inputs.baseline !== undefined) {
    const baseline = await session.lookups.baseline(locateInProject(pathOfFileUrl(inputs.baseline, "baseline")).path);
    if (baseline === undefined)
      throw migrationError("BASELINE_MISSING", { file: inputs.baseline, place: foreignPlaceOf(inputs.baseline) });
    return baseline;
  }
  const beside = besideBackup(inputs);
  if (beside === undefined) return undefined;
  try {
    return await session.lookups.baseline(beside);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    findings.push(shared(notChecked("the baseline of the source", error.message, "warning")));
    return undefined;
  }
}

function besideBackup({ backup = "", bucket }: Partial<MigrationInputs>): string | undefined {
  const location = parseBackupLocation(backup, bucket);
  return location.kind === "file" ? join(dirname(location.path), BASELINE_FILE) : undefined;
}
