import { migrationError } from "../errors/migration-error";
import type { CheckResult } from "../model/check-result";
import type { PlainObject } from "../model/plain";
import { strayNames } from "../model/state-format";
import { terminalError } from "../model/terminal-error";

/** Refuses arguments that use an internal name; undefined where the program has none. */
export function refuseStrayNames(news: PlainObject): CheckResult | undefined {
  const stray = strayNames(news);
  return stray.length === 0 ? undefined : { inputs: news, failures: stray.map(asFailure) };
}

function asFailure(property: string) {
  const fault = "is not an argument of this resource";
  const { message } = migrationError("INPUT_INVALID", { property, fault, remedy: "Look for a spelling mistake." });
  return { property: "", reason: terminalError(message) };
}
