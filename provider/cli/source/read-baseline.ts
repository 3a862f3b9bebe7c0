import { migrationError } from "../../errors/migration-error";
import { foreignPlaceOf } from "../../model/foreign-place";
import type { Baseline } from "../../source/baseline";
import { readBaselineFile } from "../../source/baseline-file";

/**
 * The baseline in a file that the command line names.
 * @throws BASELINE_MISSING, BASELINE_INVALID, BASELINE_NEWER
 */
export async function requireBaseline(file: string): Promise<Baseline> {
  const baseline = await readBaselineFile(file);
  if (baseline === undefined) throw migrationError("BASELINE_MISSING", { file, place: foreignPlaceOf(file) });
  return baseline;
}
