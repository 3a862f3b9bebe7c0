import process from "node:process";
import Table from "cli-table3";
import { planWaves } from "../provider/plan/plan-waves";
import { lowerBoundSeconds } from "../testing/fleet-simulator/lower-bound";
import { planCases } from "../testing/fleet-simulator/plan-cases";

/** `npm run bench -- plan [--json]`: compares plans with a lower bound, and measures how long planning takes. */
export async function run(args: string[]): Promise<void> {
  const table = new Table({
    head: ["case", "waves", "plan", "lower bound", "over it", "planned in"],
    style: { head: [], border: [] },
  });
  const results = planCases().map(({ name, input }) => {
    const begunMs = performance.now();
    const { waves, unplanned } = planWaves(input);
    const ms = performance.now() - begunMs;
    if (unplanned.length > 0) throw new Error(`${name}: ${unplanned.length} databases are not planned`);
    const seconds = ((waves.at(-1)?.endMs ?? input.nowMs) - input.nowMs) / 1000;
    return { name, waves: waves.length, seconds, bound: lowerBoundSeconds(input), ms };
  });
  for (const { name, waves, seconds, bound, ms } of results)
    table.push([
      name,
      waves,
      `${(seconds / 3600).toFixed(1)} h`,
      `${(bound / 3600).toFixed(1)} h`,
      `${(100 * (seconds / bound - 1)).toFixed(1)} %`,
      `${(ms / 1000).toFixed(2)} s`,
    ]);
  console.log(table.toString());
  if (args.includes("--json")) console.log(JSON.stringify({ bench: "plan", results }));
}

if (require.main === module) {
  run(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
