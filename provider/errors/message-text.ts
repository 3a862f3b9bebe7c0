/** How a remedy ends that also works when a database is dropped: after the ways that lose nothing. */
export const OR_DROP = "Drop it only if nobody needs it: its data is then lost.";

/** The parts of a message: `what` is its first line without the code and the lines with details. */
export interface MessageParts {
  code: string;
  what: string;
  /** One line; empty where nothing can be advised. */
  remedy: string;
}

/** The message as a user reads it: `CODE: what happened`, the details, and the remedy on the last line. */
export const messageText = ({ code, what, remedy }: MessageParts): string =>
  `${code}: ${what}${remedy === "" ? "" : `\n${remedy}`}`;

/** A text without the address that an error ends with in a terminal, also where a URL in it was redacted. */
export const withoutAddress = (text: string): string => text.replace(/\nMore: \S+$/, "");

/** Takes a text of {@link messageText} apart: inputs and state hold texts only. Undefined for a text without a code. */
export function parseMessage(text: string): MessageParts | undefined {
  const [, code, rest] = /^([A-Z][A-Z0-9_]+): (.*)$/s.exec(withoutAddress(text)) ?? [];
  if (code === undefined || rest === undefined) return undefined;
  const end = rest.lastIndexOf("\n");
  return end === -1
    ? { code, what: rest, remedy: "" }
    : { code, what: rest.slice(0, end), remedy: rest.slice(end + 1) };
}

/** The code that a message begins with. */
export const codeOfMessage = (text: string): string | undefined => parseMessage(text)?.code;

/** Lines of a list under its heading, one for each item. */
export const listed = (heading: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [heading, ...items.map((item) => `  ${item}`)];

/** More lines would hide the rest of a message. */
const MAX_LINES = 20;

/** Lines of a list under its heading, one for each of the first twenty items. */
export function firstListed(heading: string, items: readonly string[]): string[] {
  const more = items.length - MAX_LINES;
  return listed(heading, more > 0 ? [...items.slice(0, MAX_LINES), `and ${more} more`] : items);
}

/** One line for each file that no migration uses, with its reason, up to twenty. */
export const leftOutLines = (files: readonly { file: string; reason: string }[]): string[] =>
  firstListed(
    "Files that are left out:",
    files.map(({ file, reason }) => `${file} ${reason}`),
  );

/** The words that agree with a count: `database` for 1, `databases` for every other number. */
export const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);

/** `1 increment`, `2 increments`; with both forms given, also `1 file is` and `2 files are`. */
export const counted = (count: number, one: string, many?: string): string => `${count} ${plural(count, one, many)}`;

/** `1 of 12 databases`, `0 of 1 database`; with both forms of a verb, `1 of 12 databases is` and `2 of 12 databases are`. */
export function countedOf(
  count: number,
  all: number,
  noun: string,
  verb?: readonly [one: string, many: string],
): string {
  const words = `${count} of ${counted(all, noun)}`;
  return verb === undefined ? words : `${words} ${plural(all === 1 ? 1 : count, ...verb)}`;
}
