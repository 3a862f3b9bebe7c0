import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { clientEnvironment } from "./client-environment";
import { startEmulator } from "./emulator";

/** What to rehearse with. */
export interface RunOptions {
  /** TCP port on 127.0.0.1. @default 0, a free port */
  port?: number;
  /** Folder that keeps the state across restarts. @default a temporary folder, removed at the end */
  stateDir?: string;
  /** Read only at the first start with a state folder. @default "cn-hangzhou" */
  region?: string;
  /** Time from a migration task's creation to its end, milliseconds. @default 4000 */
  taskMs?: number;
  /** Added to the real time, milliseconds. @default 0 */
  clockOffsetMs?: number;
  /** Ids of the RDS instances that exist; read only at the first start with a state folder. @default "rm-emulator0001" */
  instances?: readonly string[];
  /** Name of the bucket that exists; read only at the first start with a state folder. @default a name drawn at random */
  bucket?: string;
  /** A command and its arguments. The emulator runs as long as the command. @default none: until SIGTERM or SIGINT */
  command?: readonly string[];
}

/**
 * Runs the emulator, with a command or until SIGTERM or SIGINT. Without a command it prints one line of JSON on stdout when it
 * listens. The command gets the endpoints and keys in its environment; stdout is the command's.
 *
 * @returns the exit status: the command's, 128 plus the number of the signal that ended it, or 0
 * @throws Error if the port is in use or the command cannot be started
 */
export async function runEmulator(options: RunOptions): Promise<number> {
  const { instances, bucket: bucketName, command = [], ...rest } = options;
  const emulator = await startEmulator({
    ...rest,
    bucket: bucketName === undefined ? undefined : { name: bucketName },
    rds: instances && { instances: instances.map((id) => ({ id })) },
  });
  try {
    const { endpoint, region, accessKeyId, accessKeySecret, instanceId, bucket } = emulator;
    if (command.length === 0) {
      const stopped = stopSignal();
      const client = { endpoint, region, accessKeyId, accessKeySecret, instanceId, bucket };
      process.stdout.write(`${JSON.stringify(client)}\n`);
      await stopped;
      return 0;
    }
    process.stderr.write(`emulator: ${endpoint}, region ${region}, instance ${instanceId}, bucket ${bucket}\n`);
    return await runCommand(command, clientEnvironment(emulator));
  } finally {
    await emulator.close();
  }
}

const stopSignal = (): Promise<unknown> => Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);

async function runCommand(command: readonly string[], variables: Record<string, string>): Promise<number> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: "inherit", env: { ...process.env, ...variables } });
  // A terminal sends SIGINT to the command too, which decides what to do; SIGTERM comes here alone.
  const wait = (): void => undefined;
  const forward = (): boolean => child.kill("SIGTERM");
  process.on("SIGINT", wait).on("SIGTERM", forward);
  try {
    const [code, signal]: [number | null, NodeJS.Signals | null] = (await once(child, "exit")) as never;
    return code ?? 128 + constants.signals[signal ?? "SIGTERM"];
  } catch (error) {
    throw new Error(`the command ${file} cannot be started: ${error instanceof Error ? error.message : error}`);
  } finally {
    process.off("SIGINT", wait).off("SIGTERM", forward);
  }
}
