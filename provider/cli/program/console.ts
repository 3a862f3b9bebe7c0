import { terminalText } from "../../model/terminal-text";

/** What a command gets from the process that runs it. */
export interface Console {
  /** Prints to stdout and adds a line end. The text stays raw, because it may be JSON or a script. */
  out(text: string): void;
  /** Prints to stderr and adds a line end. */
  err(text: string): void;
  env(name: string): string | undefined;
}

/** The console of this process. */
export const processConsole = (): Console => ({
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${terminalText(text)}\n`),
  env: (name) => process.env[name],
});
