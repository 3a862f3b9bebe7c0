/** What a case counted, for example calls and tasks. */
export type Counts = Record<string, number>;

interface Row {
  rounds: number;
  failed: number;
  counts: Counts;
}

/** The sums of all rounds of each case that counts, as a Markdown table. */
export class CountTable {
  private readonly rows = new Map<string, Row>();

  /** Adds one round of a case. A case without counts has no row. */
  add(name: string, { counts, isFailed }: { counts: Counts; isFailed: boolean }): void {
    if (Object.keys(counts).length === 0) return;
    const row = this.rows.get(name) ?? { rounds: 0, failed: 0, counts: {} };
    row.rounds += 1;
    row.failed += isFailed ? 1 : 0;
    for (const [what, count] of Object.entries(counts)) row.counts[what] = (row.counts[what] ?? 0) + count;
    this.rows.set(name, row);
  }

  /** The lines of the table, cases by name; empty when nothing was counted. */
  lines(): string[] {
    const columns = [...new Set([...this.rows.values()].flatMap(({ counts }) => Object.keys(counts)))];
    if (columns.length === 0) return [];
    const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
    const heads = ["case", "rounds", "failed", ...columns];
    const rows = [...this.rows].sort(([one], [other]) => (one < other ? -1 : 1));
    return [
      line(heads),
      line(heads.map(() => "---")),
      ...rows.map(([name, { rounds, failed, counts }]) =>
        line([name, rounds, failed, ...columns.map((column) => counts[column] ?? "")]),
      ),
    ];
  }
}
