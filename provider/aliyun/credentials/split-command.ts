import { SourceFault } from "./source-fault";

/**
 * Splits a command line into its arguments, with quotes and escapes as the aliyun CLI reads them. On Windows a backslash
 * separates folders; elsewhere it escapes the next character.
 * @see @alicloud/credentials 2.4.7, utils/command
 */
export function splitCommand(command: string, isWindows: boolean): string[] {
  const args: string[] = [];
  let current: string | undefined;
  let quote = "";
  for (let at = 0; at < command.length; at++) {
    const char = command[at] ?? "";
    const next = command[at + 1];
    if (char === "\\" && next !== undefined && isEscape(quote, next, isWindows)) {
      at++;
      if (next !== "\n") current = `${current ?? ""}${next}`;
    } else if (quote === "" && (char === "'" || char === '"')) {
      quote = char;
      current ??= "";
    } else if (quote !== "" && char === quote) {
      quote = "";
    } else if (quote === "" && /\s/.test(char)) {
      if (current !== undefined) args.push(current);
      current = undefined;
    } else {
      current = `${current ?? ""}${char}`;
    }
  }
  if (quote !== "") throw new SourceFault("process_command has a quote without an end");
  if (current !== undefined) args.push(current);
  return args;
}

function isEscape(quote: string, next: string, isWindows: boolean): boolean {
  if (quote === "'") return false;
  if (isWindows) return quote === '"' && next === '"';
  return quote === "" || ['"', "\\", "$", "`", "\n"].includes(next);
}
