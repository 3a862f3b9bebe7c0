import Table from "cli-table3";
import { terminalText } from "../provider/model/terminal-text";
import { type Assumption, probeOf } from "./assumption";
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
    colWidths: [28, 50, 34, 11],
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
    colWidths: [28, 8, 70],
  });
  for (const assumption of assumptions) {
    const probe = probeOf(assumption);
    const { asked } = assumption;
    table.push([assumption.id, probe?.spend ?? "-", probe?.cost ?? ("not" in asked ? asked.not : "")]);
  }
  return table.toString();
}
