import { createHash } from "node:crypto";
import { terminalJson } from "../model/terminal-text";

/**
 * Returns the one spelling of a value as JSON: members by name, no blanks, a newline at the end, as `jq -cS .` prints it. Control
 * characters are escaped, so that a terminal may show it. Members without a value are left out.
 */
export const canonicalJson = (value: unknown): string =>
  `${terminalJson(JSON.stringify(value, (_name, member: unknown) => withSortedNames(member)))}\n`;

function withSortedNames(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** SHA-256 of a text as UTF-8, in lowercase hexadecimal: what `sha256sum` prints for it. */
export const sha256Of = (text: string): string => createHash("sha256").update(text).digest("hex");
