import * as fs from "node:fs";
import process from "node:process";

/** One upload of one program, as it is told in the first argument of the program's own process. */
export interface UploadJob {
  /** `http://127.0.0.1:PORT` of the sink. */
  endpoint: string;
  region: string;
  bucket: string;
  /** `<name>-<part size>.bak`: the sink reads from it how the file is cut. */
  key: string;
  file: string;
  accessKeyId: string;
  accessKeySecret: string;
}

/** What it cost. CPU is that of the whole process, its start included. */
export interface UploadCost {
  seconds: number;
  cpuSeconds: number;
  /** Null where the system does not tell. */
  peakRssMiB: number | null;
  /** The object's checksum as the program knows it; empty from a program that looks at none. */
  crc64: string;
}

export const readJob = (): UploadJob => JSON.parse(process.argv[2] ?? "");

/** Times one upload of a Node program and prints the cost as the last line. */
export async function printCost(upload: () => Promise<string>): Promise<void> {
  const startMs = performance.now();
  const crc64 = await upload();
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage();
  const cost: UploadCost = { seconds, cpuSeconds: (user + system) / 1e6, peakRssMiB: peakRssMiB(), crc64 };
  console.log(JSON.stringify(cost));
}

/**
 * The most memory this process has held. Linux keeps it by program in /proc; what getrusage says there also counts the parent
 * that started it.
 */
function peakRssMiB(): number {
  try {
    const [, kib] = /VmHWM:\s+(\d+) kB/.exec(fs.readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kib !== undefined) return Number(kib) / 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS / 1024;
}
