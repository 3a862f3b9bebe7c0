import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest, ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import Table from "cli-table3";
import { compiledFile, REPOSITORY } from "../engine/repository";
import { toStruct } from "../engine/stand-in/wire";
import { platformName } from "../plugin/build/platform";
import { PROVIDER_TEXT } from "../provider/model/provider-text";
import { dynamicType, nativeType, PACKAGE_NAME } from "../provider/model/resource-type";

/** A provider process, and the type of its resource. */
interface Candidate {
  name: string;
  command: string[];
  type: string;
  inputs: Record<string, string>;
}

const NATIVE = { type: nativeType("DatabaseMigration"), inputs: {} };
const EXECUTABLE = join(REPOSITORY, ".work", "plugin", platformName(), `pulumi-resource-${PACKAGE_NAME}`);

const CANDIDATES: readonly Candidate[] = [
  {
    name: "dynamic host",
    command: [process.execPath, require.resolve("@pulumi/pulumi/cmd/dynamic-provider")],
    type: dynamicType("DatabaseMigration"),
    inputs: { __provider: PROVIDER_TEXT },
  },
  { name: "plugin, node dist/plugin/main.js", command: [process.execPath, compiledFile("plugin/main.js")], ...NATIVE },
  {
    name: "plugin, bundle",
    command: [process.execPath, join(EXECUTABLE, "..", "..", `pulumi-resource-${PACKAGE_NAME}.js`)],
    ...NATIVE,
  },
  { name: "plugin, executable", command: [EXECUTABLE], ...NATIVE },
];

/**
 * `npm run bench -- plugin-start [--rounds 9]`: measures how long each way to start the provider takes to its first reply about a
 * resource, and the memory that it then has (Linux). `npm run plugin` makes the bundle and the executable.
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({ args: argv, options: { rounds: { type: "string", default: "9" } } });
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} does not exist: npm run plugin`);
  const samples = CANDIDATES.map((candidate) => ({ candidate, ms: [] as number[], mib: [] as number[] }));
  // A provider ends when its engine does not reply. It takes any reply, also that a call is not implemented.
  const engine = new Server();
  const port = await new Promise<number>((resolve, reject) =>
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  for (let round = 0; round < Number(values.rounds); round++)
    for (const { candidate, ms, mib } of samples) {
      const sample = await start(candidate, `127.0.0.1:${port}`);
      ms.push(sample.ms);
      mib.push(sample.mib);
    }
  engine.forceShutdown();
  const table = new Table({ head: ["process", "first reply, median", "memory"], style: { head: [], border: [] } });
  for (const { candidate, ms, mib } of samples)
    table.push([candidate.name, `${median(ms).toFixed(0)} ms`, `${median(mib).toFixed(0)} MiB`]);
  console.log(table.toString());
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Starts a provider, waits until it has checked a resource, and ends it. */
async function start(
  { command: [file = "", ...args], type, inputs }: Candidate,
  engine: string,
): Promise<{ ms: number; mib: number }> {
  const begin = performance.now();
  const child = spawn(file, [...args, engine], { cwd: REPOSITORY, stdio: ["ignore", "pipe", "ignore"] });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`${file} exited with ${code}`)));
      createInterface({ input: child.stdout }).once("line", resolve);
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const configure = new ConfigureRequest();
    configure.setArgs(toStruct({}));
    await new Promise<void>((resolve, reject) =>
      client.configure(configure, (error) => (error ? reject(error) : resolve())),
    );
    const check = new CheckRequest();
    check.setUrn(`urn:pulumi:dev::bench::${type}::erp`);
    check.setType(type);
    check.setName("erp");
    check.setOlds(toStruct({}));
    check.setNews(toStruct(inputs));
    // Required arguments are missing, so that no service is called.
    await new Promise<void>((resolve, reject) => client.check(check, (error) => (error ? reject(error) : resolve())));
    client.close();
    return { ms: performance.now() - begin, mib: residentMib(child.pid) };
  } finally {
    child.kill("SIGKILL");
  }
}

function residentMib(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  const [, kib] = /VmRSS:\s+(\d+)/.exec(existsSync(status) ? readFileSync(status, "utf8") : "") ?? [];
  return kib === undefined ? Number.NaN : Number(kib) / 1024;
}
