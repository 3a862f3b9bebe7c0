import process from "node:process";
import Table from "cli-table3";
import { FLEETS, type FleetName } from "../testing/fleet-simulator/fleet";
import { measureEnd, measureMigratedEnd } from "../testing/fleet-simulator/measure-end";
import { measureForecast } from "../testing/fleet-simulator/measure-forecast";

const SEEDS = 40;
const FIRST_SEED = 1000;
const PARTS = ["light", "medium", "heavy", "migrated"] as const;

/**
 * `npm run bench -- forecast [--fleets light,medium,heavy,migrated] [--seeds 40] [--first 1000] [--json]`: compares forecasts with simulated
 * fleets. `migrated` is light fleets that are migrated into the emulator. Each part can run by itself.
 */
export async function run(args: string[]): Promise<void> {
  const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const count = Number(option("--seeds") ?? SEEDS);
  const first = Number(option("--first") ?? FIRST_SEED);
  const parts = option("--fleets")?.split(",") ?? PARTS;
  const seeds = Array.from({ length: count }, (_, index) => first + 7 * index);
  const names = (Object.keys(FLEETS) as FleetName[]).filter((name) => parts.includes(name));
  const errors = names.flatMap((name) => measureForecast(name, seeds));
  const table = new Table({
    head: ["fleet", "forecast made", "mean error", "truth inside the range", "width of the range"],
    style: { head: [], border: [] },
  });
  const percent = (value: number) => `${value.toFixed(0)} %`;
  for (const { fleet, moment, meanError, inside, width } of errors)
    table.push([fleet, moment, percent(meanError), percent(inside), percent(width)]);
  console.log(table.toString());
  const simulated = names.flatMap((name) => measureEnd(name, seeds));
  const migrated = parts.includes("migrated") ? await measureMigratedEnd("light", seeds) : [];
  const endTable = new Table({
    head: [
      "fleet",
      "after",
      "end shown",
      "mean error of the remaining time",
      "of the whole",
      "true end inside the range",
      "width of the range",
    ],
    style: { head: [], border: [] },
  });
  for (const [fleets, errorsOfEnd] of Object.entries({ simulated, migrated }))
    for (const { fleet, share, shown, meanError, errorOfWhole, inside, width } of errorsOfEnd)
      endTable.push([`${fleet}, ${fleets}`, ...[share, shown, meanError, errorOfWhole, inside, width].map(percent)]);
  console.log(endTable.toString());
  if (args.includes("--json"))
    console.log(JSON.stringify({ bench: "forecast", first, seeds: count, errors, simulated, migrated }));
}

if (require.main === module) {
  run(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
