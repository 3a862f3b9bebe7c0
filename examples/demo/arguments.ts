import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface DemoArguments {
  /** Absolute paths of backups; when empty, the demo generates its own. */
  files: string[];
  json: boolean;
  /** The engine to use. @default `pulumi` if it is installed, else the stand-in */
  engine?: "pulumi" | "stand-in";
}

export const USAGE = "usage: npm run demo -- [--json] [--engine pulumi|stand-in] [FILE.bak …]";

/** @throws Error with the usage for an invalid argument */
export function readArguments(argv: string[], cwd: string): DemoArguments {
  const { values, positionals } = parse(argv);
  const { engine, json } = values;
  if (engine !== undefined && engine !== "pulumi" && engine !== "stand-in") throw new Error(USAGE);
  return { files: positionals.map((file) => resolve(cwd, file)), json, engine };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, engine: { type: "string" } },
    });
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`, { cause });
  }
}
