import { readOptions, USAGE } from "./options";
import { ProviderPool } from "./provider-pool";
import { listCases, runCases } from "./run-cases";
import { runSoaks } from "./run-soaks";

async function main(): Promise<void> {
  const wanted = readOptions(process.argv.slice(2));
  if (wanted.kind === "help") {
    process.stdout.write(USAGE);
    return;
  }
  const pool = new ProviderPool();
  const say = (line: string) => console.log(line);
  try {
    if (wanted.kind === "list") {
      for (const { family, name } of await listCases(pool, wanted.families)) say(`${family} ${name}`);
      return;
    }
    const summary = wanted.kind === "soak" ? await runSoaks(wanted, pool, say) : await runCases(wanted, pool, say);
    say(`${summary.runs - summary.failed} of ${summary.runs} runs passed`);
    if (wanted.json) say(JSON.stringify(summary));
    process.exitCode = summary.failed === 0 ? 0 : 1;
  } finally {
    await pool.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
});
