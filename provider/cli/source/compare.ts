import type { Baseline } from "../../source/baseline";
import { compareBaselines } from "../../source/compare-baselines";
import { comparisonReport } from "../../source/comparison-report";
import type { Console } from "../program/console";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import { UsageError } from "../program/usage-error";
import { requireBaseline } from "./read-baseline";

export interface CompareRequest {
  before: string;
  after: string;
  /** `OLD=NEW` pairs. */
  rename?: readonly string[];
  /** What is left to do counts as a difference. */
  strict?: boolean;
  json?: boolean;
}

/** Prints the differences between the source before the migration and the destination after it. */
export async function compare(request: CompareRequest, { out }: Console): Promise<ExitStatus> {
  const before = await requireBaseline(request.before);
  const after = await requireBaseline(request.after);
  const differences = compareBaselines(before, after, { renamed: renamedOf(request.rename ?? [], before) });
  const names = before.databases.map(({ name }) => name);
  out(request.json ? jsonReport(differences) : comparisonReport(names, differences));
  const hasFindings = differences.some(({ kind }) => kind === "differs" || (request.strict && kind === "todo"));
  // An empty comparison does not prove that nothing was lost.
  return hasFindings || names.length === 0 ? EXIT.findings : EXIT.ok;
}

function renamedOf(pairs: readonly string[], { databases }: Baseline): Map<string, string> {
  return new Map(
    pairs.map((pair): [string, string] => {
      // A database name may contain an equals sign: take the longest known name before one.
      const known = databases.map(({ name }) => name).filter((name) => pair.startsWith(`${name}=`));
      const old = known.sort((a, b) => b.length - a.length)[0];
      if (old === undefined)
        throw new UsageError(`--rename ${pair}: the first file has no database of the name before the =`);
      return [old, pair.slice(old.length + 1)];
    }),
  );
}
