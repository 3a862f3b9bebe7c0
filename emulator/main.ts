import { parseArgs } from "node:util";
import { startEmulator } from "./emulator";

const USAGE = `usage: npm run --silent emulator -- [--port N] [--state DIR] [--task-seconds N] [--region ID] [--clock-offset-seconds N]`;

/** Starts the emulator, prints one line of JSON when it listens, and runs until it receives SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      state: { type: "string" },
      region: { type: "string" },
      "task-seconds": { type: "string" },
      "clock-offset-seconds": { type: "string", default: "0" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const taskSeconds = values["task-seconds"];
  const emulator = await startEmulator({
    port: numberOf("port", values.port),
    stateDir: values.state,
    region: values.region,
    taskMs: taskSeconds === undefined ? undefined : numberOf("task-seconds", taskSeconds) * 1000,
    clockOffsetMs: numberOf("clock-offset-seconds", values["clock-offset-seconds"]) * 1000,
  });
  const stop = () => {
    emulator.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const { endpoint, region, accessKeyId, accessKeySecret, instanceId, bucket } = emulator;
  process.stdout.write(`${JSON.stringify({ endpoint, region, accessKeyId, accessKeySecret, instanceId, bucket })}\n`);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new Error(`--${option} must be a number, not "${text}"`);
  return value;
}

function fail(error: unknown): void {
  process.stderr.write(`emulator: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(1);
}

main().catch(fail);
