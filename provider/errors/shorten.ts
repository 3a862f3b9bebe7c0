/** Longest first line of a message, code included: Pulumi repeats that line in every row event of a resource. */
export const FIRST_LINE_LENGTH = 100;

/** A value of this length always fits into the first line of a message; a longer one may be shortened to it. */
export const SHORT_VALUE_LENGTH = 30;

/**
 * A name or path of at most `length` characters: its beginning, `…`, and its end. Twice as much of the end stays, because it
 * holds the file name. Counts code points, so that no surrogate pair is split.
 */
export function shorten(text: string, length: number = SHORT_VALUE_LENGTH): string {
  const characters = Array.from(text);
  if (characters.length <= length) return text;
  const atStart = Math.floor((length - 1) / 3);
  const atEnd = length - 1 - atStart;
  return `${characters.slice(0, atStart).join("")}…${characters.slice(characters.length - atEnd).join("")}`;
}
