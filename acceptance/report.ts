import Table from "cli-table3";
import type { AnswerOverride } from "../emulator/profile";
import { terminalText } from "../provider/model/terminal-text";
import type { Assumption } from "./assumption";
import type { Result } from "./run-probes";

const AGREES = new Map<boolean | undefined, string>([
  [true, "yes"],
  [false, "NO"],
  [undefined, "not shown"],
]);

/** The table of a run: what is assumed, what was seen, and whether they agree. */
export function resultTable(results: readonly Result[]): string {
  const table = new Table({
    head: ["id", "assumed", "seen", "agrees"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [30, 50, 34, 11],
  });
  for (const { id, assumed, seen, agrees } of results)
    table.push([id, assumed, terminalText(seen), AGREES.get(agrees) ?? ""]);
  return table.toString();
}

/** The table of what would be asked and what it costs, for `--list`. */
export function assumptionTable(assumptions: readonly Assumption[]): string {
  const table = new Table({
    head: ["id", "spend", "cost, or why not"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [30, 8, 70],
  });
  for (const assumption of assumptions) {
    const { id, probe } = assumption;
    table.push("run" in probe ? [id, probe.spend, probe.cost] : [id, "-", probe.noProbe]);
  }
  return table.toString();
}

/** What `acceptance.json` holds. */
export interface AcceptanceReport {
  /** When the run began; UTC, ISO 8601. */
  at: string;
  results: readonly Result[];
  /** A profile of the emulator: it answers as the service did where that was not what is assumed. */
  emulator: AnswerOverride[];
}

/** The report of a run that began at `atMs`. */
export const acceptanceReport = (
  assumptions: readonly Assumption[],
  results: readonly Result[],
  atMs: number,
): AcceptanceReport => {
  const disagreeing = new Set(results.filter(({ agrees }) => agrees === false).map(({ id }) => id));
  const emulator = assumptions.filter(({ id }) => disagreeing.has(id)).flatMap(({ overrides }) => overrides ?? []);
  return { at: new Date(atMs).toISOString(), results, emulator };
};
