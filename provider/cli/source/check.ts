import { terminalText } from "../../model/terminal-text";
import { baselineFindings } from "../../source/baseline-findings";
import type { Console } from "../program/console";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import { requireBaseline } from "./read-baseline";

export interface CheckRequest {
  baseline: string;
  /** Of the destination, as RDS spells it: `2019_std_ha`. */
  engineVersion?: string;
  json?: boolean;
}

/** Prints what a migration of the baseline's databases fails on or leaves behind. */
export async function check({ baseline, engineVersion, json }: CheckRequest, { out }: Console): Promise<ExitStatus> {
  const findings = baselineFindings(await requireBaseline(baseline), { engineVersion });
  if (json) out(jsonReport(findings));
  else for (const { severity, message } of findings) out(terminalText(`${severity}: ${message}`));
  return findings.some(({ severity }) => severity === "error") ? EXIT.findings : EXIT.ok;
}
