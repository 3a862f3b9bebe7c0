/** Characters that control a terminal or reorder its text: C0 but tab and newline, DEL, C1, line separators, bidi controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this escapes
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** GitHub's command: `::` at the begin of a line, behind any blanks. */
const COLON_COMMAND = /^(\s*):(?=:)/gm;

/** Commands of GitHub (`##[`), Azure (`##vso[`) and TeamCity (`##teamcity[`). Runners find them anywhere in a line. */
const HASH_COMMAND = /#(?=#\w*\[)/g;

/** Returns a text whose control characters and bidirectional controls are visible escapes, for a page; newlines and tabs stay. */
export const visibleText = (text: string): string => text.replace(/\r\n/g, "\n").replace(CONTROLS, escapeOf);

/**
 * Returns a text that a terminal and a CI runner only show. Control characters and bidirectional embeddings, overrides and isolates
 * become visible escapes (`\x1b`, `\u202e`); the first character of a workflow command becomes one too. Newlines, tabs, letters,
 * joiners and emoji stay. Filtering twice changes nothing. State, manifests and scripts keep the raw text.
 * @see https://github.com/actions/runner `src/Runner.Common/ActionCommand.cs`
 */
export const terminalText = (text: string): string =>
  visibleText(text)
    .replace(COLON_COMMAND, (_, blanks: string) => `${blanks}${escapeOf(":")}`)
    .replace(HASH_COMMAND, escapeOf);

/** The same for a text that is a cell or a part of a line: newlines and tabs are escaped too. */
export const terminalLine = (text: string): string => terminalText(text.replace(/[\t\n\r]/g, escapeOf));

/**
 * Returns JSON of the same value that a terminal and a CI runner only show. JSON itself escapes C0, but not the other control
 * characters and bidirectional embeddings, overrides and isolates.
 */
export const terminalJson = (json: string): string =>
  json.replace(CONTROLS, jsonEscapeOf).replace(HASH_COMMAND, jsonEscapeOf);

/**
 * A resource name with its control characters and hash commands encoded, because the engine prints names itself. Other names
 * stay the same, also with `::`: the engine prints no name at the begin of a line.
 */
export const resourceName = (name: string): string =>
  name
    .replace(/[\t\n\r]/g, escapeOf)
    .replace(CONTROLS, escapeOf)
    .replace(HASH_COMMAND, escapeOf);

/** A backslash that reads like the begin of one of the escapes. */
const LITERAL_ESCAPE = /\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})/g;

/**
 * A name as the key of an output, which the engine prints itself: control characters and commands become escapes. Different names
 * have different keys, and other names stay the same.
 */
export const outputKey = (name: string): string => terminalLine(name.replace(LITERAL_ESCAPE, escapeOf));

function escapeOf(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
}

const jsonEscapeOf = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
