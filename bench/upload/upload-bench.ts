import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs, promisify } from "node:util";
import Table from "cli-table3";
import { checksumBlocks, measureCrc, writeRandomFile, writeSparseFile } from "./bench-file";
import { type Peer, type PeerName, preparePeers, WORK_FOLDER } from "./peers";
import type { SinkPlan } from "./sink";
import type { UploadCost, UploadJob } from "./upload-job";

const run_ = promisify(execFile);
const GiB = 1024 ** 3;

interface Measured extends UploadCost {
  bytesPerSecond: number;
  cpuSecondsPerGiB: number;
}

/**
 * `npm run bench -- upload [--size 2GiB] [--rounds 3] [--only ours,go] [--sparse] [--json]`
 *
 * Uploads one file to one sink with this project and with its peers, each in a separate process, sequentially in every round.
 * Prints medians; with `--json` the last line contains the ratios of this project to each peer. `--sparse` uploads a sparse file
 * of zeros, for sizes larger than the disk.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: "string", default: "2GiB" },
      rounds: { type: "string", default: "3" },
      only: { type: "string" },
      sparse: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const sizeBytes = parseSize(values.size);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${values.rounds}: must be a whole number of at least 1`);
  const only = values.only?.split(",");
  const { peers: found, missing } = await preparePeers();
  const peers = found.filter(({ name }) => only === undefined || only.includes(name));
  for (const [name, fault] of missing) console.log(`without ${name}: ${fault}`);

  const file = path.join(WORK_FOLDER, `upload-${process.pid}.bak`);
  let sink: ChildProcess | undefined;
  try {
    await (values.sparse ? writeSparseFile : writeRandomFile)(file, sizeBytes);
    const blocks = await checksumBlocks(file);
    sink = fork(path.join(__dirname, "sink.js"));
    const port = await startSink(sink, { sizeBytes, blocks });
    const measured = await measure(peers, { rounds, sizeBytes, file, endpoint: `http://127.0.0.1:${port}` });
    const crcGBps = measureCrc();
    console.log(tableOf(peers, measured));
    console.log(`CRC-64 on one core: ${crcGBps.toFixed(1)} GB/s. ${conditions(sizeBytes, rounds)}`);
    if (values.json) console.log(JSON.stringify(figures(sizeBytes, measured, crcGBps)));
  } finally {
    sink?.disconnect();
    fs.rmSync(file, { force: true });
  }
}

async function startSink(sink: ChildProcess, plan: SinkPlan): Promise<number> {
  sink.send(plan);
  const [port] = await once(sink, "message");
  return Number(port);
}

type Results = Map<PeerName, Measured[]>;

/** Runs all programs in every round, each time starting with another one, so that other load on the machine affects all equally. */
async function measure(
  peers: readonly Peer[],
  setting: { rounds: number; sizeBytes: number; file: string; endpoint: string },
): Promise<Results> {
  const results: Results = new Map(peers.map(({ name }) => [name, []]));
  const { sizeBytes, file, endpoint } = setting;
  for (let round = 1; round <= setting.rounds; round++) {
    const turn = round % peers.length;
    for (const peer of [...peers.slice(turn), ...peers.slice(0, turn)]) {
      const job: UploadJob = {
        endpoint,
        region: "cn-hangzhou",
        bucket: "sink",
        key: `${peer.name}-${round}-${peer.partBytes(sizeBytes)}.bak`,
        file,
        accessKeyId: "BenchKey",
        accessKeySecret: "BenchSecret",
      };
      const [program, ...args] = peer.command(job);
      const { stdout } = await run_(program, args, { maxBuffer: 1 << 24 });
      const cost: UploadCost = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
      const bytesPerSecond = sizeBytes / cost.seconds;
      results.get(peer.name)?.push({ ...cost, bytesPerSecond, cpuSecondsPerGiB: cost.cpuSeconds / (sizeBytes / GiB) });
      process.stderr.write(`round ${round} ${peer.name}: ${(bytesPerSecond / 1e6).toFixed(0)} MB/s\n`);
    }
  }
  return results;
}

function tableOf(peers: readonly Peer[], results: Results): string {
  const table = new Table({
    head: ["", "MB/s", "CPU s/GiB", "peak MiB", "ours / theirs"],
    style: { head: [], border: [] },
  });
  for (const { name, title } of peers) {
    const runs = results.get(name) ?? [];
    table.push([
      title,
      (median(runs.map(({ bytesPerSecond }) => bytesPerSecond)) / 1e6).toFixed(0),
      median(runs.map(({ cpuSecondsPerGiB }) => cpuSecondsPerGiB)).toFixed(2),
      Math.max(...runs.map(({ peakRssMiB }) => peakRssMiB ?? Number.NaN)).toFixed(0),
      name === "ours" ? "" : (throughputRatio(results, name)?.toFixed(2) ?? ""),
    ]);
  }
  return table.toString();
}

function figures(sizeBytes: number, results: Results, crcGBps: number): Record<string, number | null> {
  const ours = results.get("ours") ?? [];
  const rounded = (value: number | undefined): number | null =>
    value === undefined || !Number.isFinite(value) ? null : Math.round(value * 1000) / 1000;
  return {
    sizeBytes,
    throughputVsVendorPage: rounded(throughputRatio(results, "vendorPage")),
    throughputVsPython: rounded(throughputRatio(results, "python")),
    throughputVsAliOss: rounded(throughputRatio(results, "aliOss")),
    throughputVsGo: rounded(throughputRatio(results, "go")),
    peakRssMiB: rounded(Math.max(...ours.map(({ peakRssMiB }) => peakRssMiB ?? Number.NaN))),
    cpuSecondsPerGiB: rounded(median(ours.map(({ cpuSecondsPerGiB }) => cpuSecondsPerGiB))),
    cpuVsGo: rounded(pairedRatio(results, "go", ({ cpuSecondsPerGiB }) => cpuSecondsPerGiB)),
    crcGBps: rounded(crcGBps),
  };
}

const throughputRatio = (results: Results, peer: PeerName): number | undefined =>
  pairedRatio(results, peer, ({ bytesPerSecond }) => bytesPerSecond);

/** The median over all rounds of the ratio within a round. Runs of one round have similar machine load. */
function pairedRatio(results: Results, peer: PeerName, figure: (run: Measured) => number): number | undefined {
  const theirs = results.get(peer);
  if (theirs === undefined) return undefined;
  const ratios = (results.get("ours") ?? []).flatMap((ours, round) => {
    const other = theirs[round];
    return other === undefined ? [] : [figure(ours) / figure(other)];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

function parseSize(text: string): number {
  const [, number, unit] = /^(\d+)(MiB|GiB|TiB)$/.exec(text) ?? [];
  const bytes = { MiB: 1024 ** 2, GiB, TiB: 1024 * GiB }[unit ?? ""];
  if (number === undefined || bytes === undefined || number === "0")
    throw new Error(`--size ${text}: must be a size such as 512MiB or 2GiB`);
  return Number(number) * bytes;
}

const conditions = (sizeBytes: number, rounds: number): string =>
  `${rounds} rounds of ${(sizeBytes / GiB).toFixed(2)} GiB, Node ${process.version}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? "?"}, load ${os.loadavg()[0]?.toFixed(1)}.`;
