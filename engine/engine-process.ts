import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run, RunResult, Workspace } from "./engine";
import { EventLog } from "./event-log";
import { RunRecord } from "./run-record";

/**
 * Starts an engine in a separate process group. The engine writes its events to the file in its last argument. An abort of the
 * workspace's signal sends one ^C.
 */
export async function startEngine(
  command: { file: string; args: (eventLog: string) => string[]; cwd: string; env: NodeJS.ProcessEnv },
  workspace: Pick<Workspace, "onEvent" | "signal">,
): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), "engine-run-"));
  const record = new RunRecord();
  const log = new EventLog(join(directory, "events.jsonl"), (event) => {
    record.add(event);
    workspace.onEvent?.(event);
  });
  const child = spawn(command.file, command.args(log.path), {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const interrupt = (): void => void child.kill("SIGINT");
  workspace.signal?.addEventListener("abort", interrupt);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    // "exit" instead of "close", because child processes that outlive a killed engine keep its pipes open.
    child.once("exit", resolve);
  });
  const finish = async (): Promise<RunResult> => {
    try {
      const exitCode = await ended;
      await Promise.race([
        Promise.all([stdout.end, stderr.end]),
        new Promise((resolve) => setTimeout(resolve, LINGER_MS).unref()),
      ]);
      log.close();
      return record.result({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
    } finally {
      log.close();
      workspace.signal?.removeEventListener("abort", interrupt);
      await rm(directory, { recursive: true, force: true });
    }
  };
  return { process: child, result: finish() };
}

/** Maximum wait for the remaining output of an engine that has exited. */
const LINGER_MS = 300;

/** Runs a command and returns its output. @throws Error when it fails */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; input?: string },
): Promise<string> {
  const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: ["pipe", "pipe", "pipe"] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new Error(`${file} ${args.join(" ")} exited with code ${code}: ${stderr.text() || stdout.text()}`);
  return stdout.text();
}

function collect(stream: NodeJS.ReadableStream): { text: () => string; end: Promise<void> } {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const end = new Promise<void>((resolve) => stream.once("end", () => resolve()));
  return { text: () => Buffer.concat(chunks).toString("utf8"), end };
}
