import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { SQL_FOLDER } from "../support/scripts";

const PROJECT = ["compose", "-f", join(SQL_FOLDER, "compose.yaml"), "-p", "sqlserver-source-check"];
/** Timeout in ms; the first run downloads the image. */
const START_MS = 900_000;
const SCRIPT_MS = 300_000;
const SQLCMD =
  'exec "$(ls /opt/mssql-tools*/bin/sqlcmd | tail -1)" -C -x -S localhost -U sa -P "$MSSQL_SA_PASSWORD" "$@"';

export interface Answer {
  status: number | null;
  /** The output of sqlcmd, including messages. */
  text: string;
}

export interface Server {
  up(): Promise<void>;
  down(): void;
  /** Runs a script as sa with `sqlcmd -b` and further arguments. */
  sqlcmd(script: string, ...args: string[]): Answer;
  /** Runs a command in the container. */
  shell(command: string): Answer;
  /** Copies a file out of the container. */
  copy(from: string, to: string): void;
}

export function startServer(password: string): Server {
  const env = { ...process.env, MSSQL_SA_PASSWORD: password };
  function docker(args: readonly string[], input = "", timeout = SCRIPT_MS): Answer {
    const { status, stdout, stderr, error } = spawnSync("docker", [...PROJECT, ...args], {
      ...{ encoding: "utf8", env, input, timeout },
      maxBuffer: 64 * 1024 ** 2,
    });
    if (error) throw error;
    return { status, text: `${stdout}${stderr}` };
  }
  return {
    async up() {
      const { status, text } = docker(["up", "--detach", "--wait"], "", START_MS);
      if (status !== 0) throw new Error(`SQL Server did not start: ${text}`);
    },
    down: () => void docker(["down", "--volumes"]),
    sqlcmd: (script, ...args) =>
      docker(["exec", "-T", "sqlserver", "bash", "-c", SQLCMD, "sqlcmd", "-b", "-i", "/dev/stdin", ...args], script),
    shell: (command) => docker(["exec", "-T", "sqlserver", "bash", "-c", command]),
    copy(from, to) {
      const { status, text } = docker(["cp", `sqlserver:${from}`, to]);
      if (status !== 0) throw new Error(text);
    },
  };
}
