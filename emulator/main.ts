#!/usr/bin/env node
import { parseArgs } from "node:util";
import { runEmulator } from "./run-emulator";

const USAGE = `usage: emulator [--port N] [--state DIR] [--task-seconds N] [--region ID] [--clock-offset-seconds N]
                [--instance ID]… [--bucket NAME] [-- COMMAND [ARGUMENT]…]`;

/** The command line of the emulator. Everything behind \`--` is the command that it runs. */
async function main(args: readonly string[]): Promise<void> {
  const end = args.indexOf("--");
  const { values } = parseArgs({
    args: end < 0 ? [...args] : args.slice(0, end),
    options: {
      port: { type: "string" },
      state: { type: "string" },
      region: { type: "string" },
      "task-seconds": { type: "string" },
      "clock-offset-seconds": { type: "string" },
      instance: { type: "string", multiple: true },
      bucket: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const number = (option: "port" | "task-seconds" | "clock-offset-seconds", unit = 1): number | undefined => {
    const text = values[option];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) throw new Error(`--${option} must be a number, not "${text}"`);
    return value * unit;
  };
  process.exitCode = await runEmulator({
    port: number("port"),
    stateDir: values.state,
    region: values.region,
    taskMs: number("task-seconds", 1000),
    clockOffsetMs: number("clock-offset-seconds", 1000),
    instances: values.instance,
    bucket: values.bucket,
    command: end < 0 ? undefined : args.slice(end + 1),
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`emulator: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
});
