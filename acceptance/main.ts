import { writeFileSync } from "node:fs";
import { ASSUMPTIONS } from "./assumptions/all";
import { connect } from "./connect";
import { readOptions, USAGE } from "./options";
import { acceptanceReport, assumptionTable, resultTable } from "./report";
import { runProbes } from "./run-probes";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.kind === "help") return void process.stdout.write(USAGE);
  if (options.kind === "list") return console.log(assumptionTable(ASSUMPTIONS));
  const startedMs = Date.now();
  const connection = connect(options, { config: () => undefined, env: (name) => process.env[name] });
  const results = await runProbes(ASSUMPTIONS, connection, options.spend);
  console.log(resultTable(results));
  for (const what of connection.left) console.log(`left on the service: ${what}`);
  const report = acceptanceReport(ASSUMPTIONS, results, startedMs);
  writeFileSync(options.output, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${results.length} asked; the replies are in ${options.output}`);
  process.exitCode = results.some(({ agrees }) => agrees === false) ? 1 : 0;
}

main().catch((error: unknown) => {
  process.stderr.write(`acceptance: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
});
