import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Emulator } from "../../../emulator/emulator";

const ROOT = path.join(__dirname, "..", "..", "..");

/** The emulator's line of output, and the port for raw requests. */
export type Announcement = Pick<
  Emulator,
  "endpoint" | "region" | "accessKeyId" | "accessKeySecret" | "instanceId" | "bucket" | "port"
>;

export interface SpawnedEmulator extends Announcement {
  process: ChildProcess;
  /** Returns the output on stdout so far. */
  output(): string;
  /** Sends a signal and resolves with the exit code, or with the signal that ended the process. */
  stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts `emulator/main.ts` in a new process with ts-node. */
export async function spawnEmulator(args: string[] = []): Promise<SpawnedEmulator> {
  const tsNode = path.join(ROOT, "node_modules", "ts-node", "dist", "bin.js");
  const child = spawn(process.execPath, [tsNode, "--swc", path.join(ROOT, "emulator", "main.ts"), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const announced: Omit<Announcement, "port"> = JSON.parse(line);
  return {
    ...announced,
    port: Number(new URL(announced.endpoint).port),
    process: child,
    output: () => output,
    async stop(signal) {
      const ended = once(child, "exit");
      child.kill(signal);
      const [code, endedBy] = (await ended) as [number | null, NodeJS.Signals | null];
      return code ?? endedBy;
    },
  };
}
