import process from "node:process";

/** The benchmarks by name. Each receives the arguments after its name. */
const BENCHES: Readonly<Record<string, () => Promise<{ run(args: string[]): Promise<void> }>>> = {
  backup: () => import("./backup.js"),
  fleet: () => import("./fleet/fleet-bench.js"),
  forecast: () => import("./forecast.js"),
  plan: () => import("./plan.js"),
  preview: () => import("./preview.js"),
  "plugin-start": () => import("./plugin-start.js"),
  runners: () => import("./runners/runners-bench.js"),
  scale: () => import("./fleet/scale-bench.js"),
  upload: () => import("./upload/upload-bench.js"),
};

async function main([name, ...args]: string[]): Promise<void> {
  const usage = `usage: npm run bench -- <${Object.keys(BENCHES).join("|")}> [options]`;
  if (name === "--help" || name === "-h") {
    console.log(usage);
    return;
  }
  const load = name === undefined ? undefined : BENCHES[name];
  if (load === undefined) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  await (await load()).run(args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
