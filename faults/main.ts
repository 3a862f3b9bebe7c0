import { readOptions, USAGE } from "./options";
import { ProviderPool } from "./provider-pool";
import { listCases, runCases } from "./run-cases";
import { runSoaks } from "./run-soaks";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.kind === "help") {
    process.stdout.write(USAGE);
    return;
  }
  const pool = new ProviderPool();
  const log = (line: string) => console.log(line);
  try {
    if (options.kind === "list") {
      for (const { family, name } of await listCases(pool, options.families)) log(`${family} ${name}`);
      return;
    }
    const summary = options.kind === "soak" ? await runSoaks(options, pool, log) : await runCases(options, pool, log);
    log(`${summary.runs - summary.failed} of ${summary.runs} runs passed`);
    if (options.json) log(JSON.stringify(summary));
    process.exitCode = summary.failed === 0 ? 0 : 1;
  } finally {
    await pool.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
});
