import { execFile } from "node:child_process";
import type { Credentials } from "../object-store";
import { type KeyNames, parseJson, readKeys } from "./key-values";
import { SourceFault, systemCode } from "./source-fault";
import { splitCommand } from "./split-command";

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;
const NAMES: KeyNames = {
  id: "access_key_id",
  secret: "access_key_secret",
  token: "sts_token",
  expiration: "expiration",
};

/**
 * Runs the command of a profile in the mode External and reads the keys that it prints. No shell is involved.
 * @see @alicloud/credentials 2.4.7, providers/external
 * @throws SourceFault without the command's output and arguments, which may hold secrets
 */
export async function runExternalCommand(command: string): Promise<Credentials> {
  const [program, ...args] = splitCommand(command, process.platform === "win32");
  if (program === undefined || program === "") throw new SourceFault("process_command is empty");
  const output = await run(program, args);
  const source = `the output of process_command (${program})`;
  return readKeys(parseJson(output, source), NAMES, source);
}

function run(program: string, args: readonly string[]): Promise<string> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, encoding: "utf8" } as const;
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout) => {
      if (error === null) return resolve(stdout);
      reject(new SourceFault(`process_command (${program}) ${failureOf(error)}`));
    });
  });
}

function failureOf(error: { code?: string | number | null; killed?: boolean; signal?: string | null }): string {
  const code = systemCode(error);
  if (code === "ENOENT") return "is not found";
  if (code === "EACCES") return "may not be run";
  if (code !== undefined) return `failed with ${code}`;
  if (error.killed) return `did not end within ${TIMEOUT_MS / 1000} s`;
  return error.signal ? `was ended by ${error.signal}` : `ended with the exit code ${error.code}`;
}
