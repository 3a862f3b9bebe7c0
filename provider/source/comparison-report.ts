import { counted } from "../errors/message-text";
import { terminalLine } from "../model/terminal-text";
import type { Difference, DifferenceKind } from "./difference";

const HEADINGS: Record<DifferenceKind, string> = {
  differs: "DIFFERS",
  todo: "to do",
  expected: "expected",
};
const WIDTH = Math.max(...Object.values(HEADINGS).map((heading) => heading.length));

/** The comparison as text: each database with its differences, the most important first, and a summary line. */
export function comparisonReport(databases: readonly string[], differences: readonly Difference[]): string {
  const lines = databases.flatMap((database) => {
    const own = differences.filter((difference) => difference.database === database);
    const inOrder = (Object.keys(HEADINGS) as DifferenceKind[]) // the keys of a record over the kinds
      .flatMap((kind) => own.filter((difference) => difference.kind === kind));
    return [
      `${terminalLine(database)}${own.length === 0 ? ": the same" : ""}`,
      ...inOrder.map(({ kind, text }) => `  ${HEADINGS[kind].padEnd(WIDTH)}  ${terminalLine(text)}`),
    ];
  });
  return [...lines, "", comparisonSummary(databases.length, differences)].join("\n");
}

/** `2 compared: 0 differences, 3 to do, 1 expected`: the last line of a comparison. */
export function comparisonSummary(compared: number, differences: readonly Difference[]): string {
  const count = (kind: DifferenceKind): number => differences.filter((difference) => difference.kind === kind).length;
  return `${compared} compared: ${counted(count("differs"), "difference")}, ${count("todo")} to do, ${count("expected")} expected`;
}
