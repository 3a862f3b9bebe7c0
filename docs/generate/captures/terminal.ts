import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./until";

const COLUMNS = 160;
const ROWS = 45;
const COMMAND_LIMIT_MS = 180_000;

/** A shell in a terminal of 160 columns and 45 rows, in a tmux server of its own. */
export class Terminal {
  readonly #socket: string;
  readonly #statusFile: string;

  constructor(folder: string, projectDir: string, env: NodeJS.ProcessEnv) {
    this.#socket = join(folder, "tmux.sock");
    this.#statusFile = join(folder, "statuses");
    writeFileSync(this.#statusFile, "");
    const { TMUX: _tmux, CI: _ci, ...inherited } = env;
    const shellEnv = { PROMPT_COMMAND: `echo $? >> ${this.#statusFile}; PS1='$ '`, LC_ALL: "C.UTF-8" };
    const size = ["-x", String(COLUMNS), "-y", String(ROWS)];
    this.#tmux(["-u", "-f", "/dev/null", "new-session", "-d", ...size, "-c", projectDir, "bash --norc --noprofile"], {
      ...inherited,
      ...shellEnv,
    });
  }

  /** Clears the screen and starts a command. Resolves with its exit status. */
  async run(command: string): Promise<number> {
    const before = await this.#prompt();
    this.#type("clear");
    await until("the screen is cleared", () => this.#statuses().length > before, COMMAND_LIMIT_MS);
    this.#type(command);
    await until(`${command} ends`, () => this.#statuses().length > before + 1, COMMAND_LIMIT_MS);
    // The terminal draws the prompt after the status is written.
    await new Promise((resolve) => setTimeout(resolve, 300));
    return this.#statuses()[before + 1] ?? Number.NaN;
  }

  /** Kills the running command without a chance to clean up, as `kill -9` does. */
  kill(): void {
    const [shell = ""] = this.#tmux(["display-message", "-p", "#{pane_pid}"]).split("\n");
    for (const pid of readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" "))
      process.kill(Number(pid), "SIGKILL");
  }

  /** What a person sees now, one line for each row. */
  screen(): string {
    const rows = this.#tmux(["capture-pane", "-p"]).split("\n");
    return `${rows
      .map((row) => row.trimEnd())
      .join("\n")
      .trimEnd()}\n`;
  }

  /** Ends the shell and whatever runs in it. A second call does nothing. */
  close(): void {
    spawnSync("tmux", ["-S", this.#socket, "kill-server"]);
  }

  /** Waits for the first prompt. @returns the number of prompts so far */
  async #prompt(): Promise<number> {
    await until("the shell has started", () => this.#statuses().length > 0, COMMAND_LIMIT_MS);
    return this.#statuses().length;
  }

  #type(line: string): void {
    this.#tmux(["send-keys", "-l", line]);
    this.#tmux(["send-keys", "Enter"]);
  }

  /** The exit status of each command so far; the first is of the shell's start. */
  #statuses(): number[] {
    return readFileSync(this.#statusFile, "utf8").split("\n").filter(Boolean).map(Number);
  }

  #tmux(args: string[], env: NodeJS.ProcessEnv = process.env): string {
    const { status, stdout, stderr, error } = spawnSync("tmux", ["-S", this.#socket, ...args], {
      env,
      encoding: "utf8",
    });
    if (error !== undefined) throw new Error("tmux is not installed, and the captures need it", { cause: error });
    if (status !== 0) throw new Error(`tmux ${args[0]} failed: ${stderr}`);
    return stdout;
  }
}
