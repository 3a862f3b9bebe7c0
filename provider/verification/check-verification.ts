import { isMigrationError, type MigrationError, migrationError } from "../errors/migration-error";
import { programFolderWarning } from "../files/project-folder";
import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import type { PlainObject } from "../model/plain";
import { containsUnknown } from "../model/unknown";
import { knownVerificationInputs, type VerificationInputs, verificationFaults } from "../model/verification";
import type { HandlerContext } from "../session/handler-context";
import { readSide, type Side, type SideName } from "./read-side";
import { compareSides, requirePassed } from "./verify";

const SIDES: readonly SideName[] = ["source", "target"];

/**
 * Checks the arguments and writes the digests of the files into the inputs. A file that cannot be read or compared refuses nothing:
 * it may be written later.
 */
export async function checkVerification({ log }: HandlerContext, news: PlainObject): Promise<CheckResult> {
  const reasons = faultMessages(verificationFaults(news));
  if (reasons.length > 0) return { inputs: news, failures: reasons.map((reason) => ({ property: "", reason })) };
  const inputs = knownVerificationInputs(news);
  for (const side of SIDES) {
    const file = inputs[side];
    const warning = file === undefined ? undefined : programFolderWarning(file);
    if (warning !== undefined) log.warning(warning);
  }
  const ignore = () => {};
  const { source, target } = await readSides(inputs, ignore);
  if (source !== undefined && target !== undefined && !containsUnknown(news)) {
    await unlessFails(ignore, () => {
      const { unused } = compareSides(source, target, inputs);
      if (unused.length > 0) log.warning(migrationError("ACCEPTED_DIFFERENCE_ABSENT", { names: unused }).message);
    });
  }
  return { inputs: { ...news, ...digests({ source, target }) }, failures: [] };
}

/**
 * Compares the files in a preview. What it finds is logged and does not fail the preview: only this resource and what depends on it
 * shall fail at `up`.
 */
export async function previewVerification({ log }: HandlerContext, news: PlainObject): Promise<void> {
  const inputs = knownVerificationInputs(news);
  const report = (error: MigrationError): void => {
    if (error.code === "VERIFICATION_FILE_MISSING") log.info(`not checked: ${error.what}\n${error.remedy}`);
    else log.warning(error.message);
  };
  const { source, target } = await readSides(inputs, report);
  if (containsUnknown(news))
    log.info("not checked: whether source and destination agree. Some arguments are not known until pulumi up.");
  else if (source !== undefined && target !== undefined)
    await unlessFails(report, () => requirePassed(compareSides(source, target, inputs)));
}

/** Reads the files whose paths are known. */
async function readSides(
  inputs: Partial<VerificationInputs>,
  onError: (error: MigrationError) => void,
): Promise<Partial<Record<SideName, Side>>> {
  const read: Partial<Record<SideName, Side>> = {};
  for (const side of SIDES) {
    const file = inputs[side];
    if (file === undefined) continue;
    await unlessFails(onError, async () => {
      read[side] = await readSide(side, file);
    });
  }
  return read;
}

const digests = ({ source, target }: Partial<Record<SideName, Side>>): PlainObject => ({
  ...(source === undefined ? {} : { sourceDigest: source.digest }),
  ...(target === undefined ? {} : { targetDigest: target.digest }),
});

/** Runs a step whose failure is not the failure of the call: create and update throw the same error. */
async function unlessFails(onError: (error: MigrationError) => void, step: () => void | Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    onError(error);
  }
}
