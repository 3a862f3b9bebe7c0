/** A token of Transact-SQL. The `text` of a string is its value, with doubled quotes resolved. */
export interface Token {
  kind: "word" | "string" | "number" | "name" | "mark";
  text: string;
  /** Line in the script, from 1. */
  line: number;
}

const PIECES =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|N?'(?<string>(?:[^']|'')*)'|\[(?<name>(?:[^\]]|\]\])*)\]|(?<number>0x[0-9A-Fa-f]+|\d+)|(?<word>[@#\p{L}_][\p{L}\p{N}_@#$]*)|(?<mark><>|<=|>=|[-+*/%=<>(),;.])/uy;

/** Splits a script into tokens without comments and blanks. @throws Error at invalid Transact-SQL */
export function tokensOf(script: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < script.length; ) {
    PIECES.lastIndex = at;
    const found = PIECES.exec(script);
    if (!found) throw new Error(`line ${line}: ${JSON.stringify(script.slice(at, at + 30))} is not Transact-SQL`);
    const { blank, string, name, number, word, mark } = found.groups ?? {};
    if (string !== undefined) tokens.push({ kind: "string", text: string.replaceAll("''", "'"), line });
    else if (name !== undefined) tokens.push({ kind: "name", text: name.replaceAll("]]", "]"), line });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, line });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, line });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark, line });
    else if (blank === undefined) throw new Error(`line ${line}: nothing matched`);
    line += found[0].split("\n").length - 1;
    at += found[0].length;
  }
  return tokens;
}
