import process from "node:process";
import Table from "cli-table3";
import { FLEETS, type FleetName } from "../testing/fleet-simulator/fleet";
import { measureEnd, measureMigratedEnd } from "../testing/fleet-simulator/measure-end";
import { measureForecast } from "../testing/fleet-simulator/measure-forecast";

const SEEDS = 40;
/** Fleets that are migrated into the emulator. */
const MIGRATED = 12;

/** `npm run bench -- forecast [--seeds 40] [--json]`: compares forecasts with simulated fleets. */
export async function run(args: string[]): Promise<void> {
  const given = args.indexOf("--seeds");
  const count = given < 0 ? SEEDS : Number(args[given + 1]);
  const seeds = Array.from({ length: count }, (_, index) => 1000 + 7 * index);
  const errors = (Object.keys(FLEETS) as FleetName[]).flatMap((name) => measureForecast(name, seeds));
  const table = new Table({
    head: ["fleet", "forecast made", "mean error", "truth inside the range", "width of the range"],
    style: { head: [], border: [] },
  });
  const percent = (value: number) => `${value.toFixed(0)} %`;
  for (const { fleet, moment, meanError, inside, width } of errors)
    table.push([fleet, moment, percent(meanError), percent(inside), percent(width)]);
  console.log(table.toString());
  const simulated = (Object.keys(FLEETS) as FleetName[]).flatMap((name) => measureEnd(name, seeds));
  const migrated = await measureMigratedEnd("light", seeds.slice(0, MIGRATED));
  const endTable = new Table({
    head: [
      "fleet",
      "after",
      "end shown",
      "mean error of the remaining time",
      "of the whole",
      "true end inside the range",
    ],
    style: { head: [], border: [] },
  });
  for (const [fleets, errorsOfEnd] of Object.entries({ simulated, migrated }))
    for (const { fleet, share, shown, meanError, errorOfWhole, inside } of errorsOfEnd)
      endTable.push([`${fleet}, ${fleets}`, ...[share, shown, meanError, errorOfWhole, inside].map(percent)]);
  console.log(endTable.toString());
  if (args.includes("--json"))
    console.log(JSON.stringify({ bench: "forecast", seeds: count, errors, simulated, migrated }));
}

if (require.main === module) {
  run(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
