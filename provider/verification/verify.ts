import { migrationError } from "../errors/migration-error";
import { type PlainObject, toPlain } from "../model/plain";
import { parseVerificationInputs, type VerificationInputs } from "../model/verification";
import { readBaseline } from "../source/baseline";
import { type Verification, verifyBaselines } from "../source/verify-baselines";
import { readSide, type Side } from "./read-side";

/** Compares both files. @throws BASELINE_INVALID, BASELINE_NEWER */
export function compareSides(source: Side, target: Side, inputs: Partial<VerificationInputs>): Verification {
  const { databases, renamed, acceptedDifferences, strict } = inputs;
  return verifyBaselines(readBaseline(source.text, source.path), readBaseline(target.text, target.path), {
    databases,
    renamed: new Map(Object.entries(renamed ?? {})),
    accepted: acceptedDifferences,
    strict,
  });
}

/** @throws VERIFICATION_FAILED with the differences that are not accepted */
export function requirePassed({ failed }: Verification): void {
  if (failed.length === 0) return;
  const differences = failed.map(({ name, detail }) => (detail === undefined ? name : `${name}: ${detail}`));
  throw migrationError("VERIFICATION_FAILED", { differences });
}

/**
 * Creates or updates a verification: reads both files as they are now, and returns the outputs if the comparison passes.
 * @throws VERIFICATION_FILE_MISSING, VERIFICATION_FAILED, BASELINE_INVALID, BASELINE_NEWER
 */
export async function verify(news: PlainObject): Promise<PlainObject> {
  const inputs = parseVerificationInputs(news);
  const source = await readSide("source", inputs.source);
  const target = await readSide("target", inputs.target);
  const verification = compareSides(source, target, inputs);
  requirePassed(verification);
  const { counts } = verification;
  return toPlain({ ...news, sourceDigest: source.digest, targetDigest: target.digest, counts });
}
