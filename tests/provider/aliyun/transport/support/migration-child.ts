import { readFileSync } from "node:fs";
import { openProcess, type ProcessWorld, previewStep, upStep } from "../../../../../testing/engine-steps";

/**
 * Runs with NODE_EXTRA_CA_CERTS and the proxy variables, which count for a whole process. Migrates one database with the
 * public endpoints of every service, and prints the status and the warnings. Its argument is a file with the run as JSON.
 */
async function main(): Promise<void> {
  const text = readFileSync(process.argv[2] ?? "", "utf8");
  const { world, args }: { world: ProcessWorld; args: Parameters<typeof upStep>[1] } = JSON.parse(text);
  const previewed = await previewStep(openProcess(world), args);
  const { outputs, failed, log } = await upStep(openProcess(world), args);
  const warnings = [...previewed.log, ...log].filter(({ kind }) => kind === "warning" || kind === "error");
  console.log(JSON.stringify({ status: outputs.status, failed: failed?.message, warnings }));
  process.exit(0);
}

main().catch((error: unknown) => {
  console.log(JSON.stringify({ status: String(error) }));
  process.exit(1);
});
