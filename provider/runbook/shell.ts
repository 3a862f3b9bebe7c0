/** Letters, digits and what no shell changes. */
const PLAIN = /^[\p{L}\p{N}_./:-]+$/u;

/** One word of a command, quoted where bash needs it. In PowerShell a quote inside quotes is doubled instead. */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** An option with its value: a value that begins with a dash needs the equals sign. */
export const option = (flag: string, value: string): string =>
  value.startsWith("-") ? `${flag}=${shellWord(value)}` : `${flag} ${shellWord(value)}`;

/** A command of this package as it is typed. */
export const packageCommand = (...words: readonly string[]): string =>
  ["npx --no sqlserver-migration", ...words].join(" ");
