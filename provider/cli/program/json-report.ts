import { terminalJson } from "../../model/terminal-text";

/** What `--json` prints in every command: one array with an object for each item, bigints as decimal strings. */
export const jsonReport = (items: readonly object[]): string =>
  terminalJson(
    JSON.stringify(items, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2),
  );
