import { isMigrationError, migrationError } from "../errors/migration-error";
import { programFolderWarning } from "../files/project-folder";
import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import type { PlainObject } from "../model/plain";
import { containsUnknown } from "../model/unknown";
import { knownVerificationInputs, verificationFaults } from "../model/verification";
import type { HandlerContext } from "../session/handler-context";
import { readSide, type Side, type SideName } from "./read-side";
import { compareSides, requirePassed } from "./verify";

const SIDES: readonly SideName[] = ["source", "target"];

/**
 * Checks the arguments and writes the digests of the files into the inputs. A preview also compares the files. What it finds is
 * logged and not refused: the files may be written later, and only this resource and what depends on it shall fail at `up`.
 */
export async function checkVerification(context: HandlerContext, news: PlainObject): Promise<CheckResult> {
  const reasons = faultMessages(verificationFaults(news));
  if (reasons.length > 0) return { inputs: news, failures: reasons.map((reason) => ({ property: "", reason })) };
  const inputs = knownVerificationInputs(news);
  const read: Partial<Record<SideName, Side>> = {};
  for (const side of SIDES) {
    const file = inputs[side];
    if (file === undefined) continue;
    logPathInProgramFolder(context, file);
    await logged(context, async () => {
      read[side] = await readSide(side, file);
    });
  }
  const { source, target } = read;
  if (context.isPreview && containsUnknown(news))
    context.log.info(
      "not checked: whether source and destination agree. Some arguments are not known until pulumi up.",
    );
  else if (source !== undefined && target !== undefined)
    await logged(context, () => {
      const verification = compareSides(source, target, inputs);
      const { unused } = verification;
      if (unused.length > 0)
        context.log.warning(migrationError("ACCEPTED_DIFFERENCE_ABSENT", { names: unused }).message);
      requirePassed(verification);
    });
  return { inputs: { ...news, ...digests(read) }, failures: [] };
}

const digests = ({ source, target }: Partial<Record<SideName, Side>>): PlainObject => ({
  ...(source === undefined ? {} : { sourceDigest: source.digest }),
  ...(target === undefined ? {} : { targetDigest: target.digest }),
});

/** Runs a step of the comparison. Its error is logged in a preview; at `up` create and update throw the same one. */
async function logged({ log, isPreview }: HandlerContext, step: () => void | Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    if (!isPreview) return;
    if (error.code === "VERIFICATION_FILE_MISSING") log.info(`not checked: ${error.what}\n${error.remedy}`);
    else log.warning(error.message);
  }
}

function logPathInProgramFolder({ log }: HandlerContext, file: string): void {
  const warning = programFolderWarning(file);
  if (warning !== undefined) log.warning(warning);
}
