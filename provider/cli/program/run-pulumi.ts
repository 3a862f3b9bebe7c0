import { execFile } from "node:child_process";
import { withoutSecrets } from "../../errors/redacted";

/** Why the command `pulumi` printed no result; the message is a sentence. */
export class PulumiFault extends Error {}

/**
 * The output of the command `pulumi` in the working folder.
 * @throws PulumiFault
 */
export function runPulumi(
  args: readonly string[],
  limits: { maxBuffer?: number; timeout?: number } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("pulumi", args, { ...limits, env: process.env }, (cause, stdout, stderr) => {
      if (cause === null) return resolve(stdout);
      const why = cause.code === "ENOENT" ? "The command pulumi is not on the PATH." : stderr.trim() || cause.message;
      reject(new PulumiFault(withoutSecrets(why), { cause }));
    });
  });
}
