import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { planParts } from "../../provider/aliyun/oss/part-plan";
import type { UploadJob } from "./upload-job";

const run = promisify(execFile);
const MiB = 1024 * 1024;

/** The repository's root, from `dist/bench/upload`. */
const ROOT = path.join(__dirname, "..", "..", "..");
const SOURCES = path.join(ROOT, "bench", "upload");
/** Ignored by git. It is kept so that later runs need no installation. */
export const WORK_FOLDER = path.join(ROOT, ".work", "bench");

const PEERS = ["ours", "vendorPage", "python", "aliOss", "go"] as const;
export type PeerName = (typeof PEERS)[number];

/** A program that uploads one file: its command and its part size. */
export interface Peer {
  name: PeerName;
  title: string;
  partBytes: (sizeBytes: number) => number;
  command: (job: UploadJob) => [file: string, ...args: string[]];
}

/** Prepares the programs that this machine can run, and returns the reason for each of the others. */
export async function preparePeers(): Promise<{ peers: Peer[]; missing: Map<PeerName, string> }> {
  fs.mkdirSync(WORK_FOLDER, { recursive: true });
  const missing = new Map<PeerName, string>();
  const python = await attempt(preparePython);
  const go = await attempt(prepareGo);
  const node =
    (script: string) =>
    (job: UploadJob): [string, ...string[]] => [process.execPath, path.join(__dirname, script), JSON.stringify(job)];
  const peers: Peer[] = [
    {
      name: "ours",
      title: "this project, its defaults",
      partBytes: (sizeBytes) => planParts({ sizeBytes }).partSizeBytes,
      command: node("run-ours.js"),
    },
    {
      name: "aliOss",
      title: "ali-oss 6.23 multipartUpload, 16 MiB × 4, unverified",
      partBytes: () => 16 * MiB,
      command: node("run-ali-oss.js"),
    },
  ];
  if ("file" in python) {
    const script = path.join(SOURCES, "python", "upload.py");
    const command =
      (page: boolean) =>
      (job: UploadJob): [string, ...string[]] => [python.file, script, JSON.stringify({ ...job, page })];
    peers.push(
      {
        name: "vendorPage",
        title: "vendor page: Python SDK v2, 1 MiB × 4",
        partBytes: () => MiB,
        command: command(true),
      },
      { name: "python", title: "Python SDK v2, its defaults", partBytes: () => 6 * MiB, command: command(false) },
    );
  } else {
    missing.set("vendorPage", python.fault).set("python", python.fault);
  }
  if ("file" in go) {
    const command = (job: UploadJob): [string, ...string[]] => [go.file, JSON.stringify(job)];
    peers.push({ name: "go", title: "Go SDK v2, its defaults (ossutil 2)", partBytes: () => 6 * MiB, command });
  } else {
    missing.set("go", go.fault);
  }
  return { peers: peers.sort((a, b) => PEERS.indexOf(a.name) - PEERS.indexOf(b.name)), missing };
}

/** Creates a virtual environment with the pinned SDK. */
async function preparePython(): Promise<string> {
  const folder = path.join(WORK_FOLDER, "venv");
  const python = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python3");
  const requirements = path.join(SOURCES, "python", "requirements.txt");
  if (!fs.existsSync(python)) await run("python3", ["-m", "venv", folder]);
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  return python;
}

async function prepareGo(): Promise<string> {
  const binary = path.join(WORK_FOLDER, process.platform === "win32" ? "go-upload.exe" : "go-upload");
  await run("go", ["build", "-o", binary, "."], { cwd: path.join(SOURCES, "go") });
  return binary;
}

async function attempt(prepare: () => Promise<string>): Promise<{ file: string } | { fault: string }> {
  try {
    return { file: await prepare() };
  } catch (error) {
    return { fault: String(error instanceof Error ? error.message : error).split("\n")[0] ?? "" };
  }
}
