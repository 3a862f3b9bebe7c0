import { sqlText } from "../provider/source/sql-text";
import { factStatements } from "./facts/fact-sql";

/** Marks a part in a script. `npm run sql` generates everything between the two lines. */
const PART = /^([ \t]*)-- <part ([\w-]+)>\n(?:.*\n)*?[ \t]*-- <\/part>$/gm;

/** Parts that are generated from the facts. */
const GENERATED_PARTS: Readonly<Record<string, () => string>> = {
  "facts-baseline": () => factStatements("baseline"),
  "facts-verify": () => factStatements("verify"),
};

/**
 * Replaces all parts of a script with their current text. Idempotent.
 * @param part returns the text of a hand-written part (`sql/parts/<name>.sql`)
 */
export function withParts(script: string, part: (name: string) => string): string {
  return script.replace(PART, (_whole, indent: string, name: string) => {
    const text = textOf(name, part).trimEnd();
    const lines = text.split("\n").map((line) => (line === "" ? "" : `${indent}${line}`));
    return [`${indent}-- <part ${name}>`, ...lines, `${indent}-- </part>`].join("\n");
  });
}

/** `print-<name>`: the part `<name>` as a value, for a script that prints it. */
const PRINTED = /^print-(.+)$/;

function textOf(name: string, part: (name: string) => string): string {
  const [, printed] = PRINTED.exec(name) ?? [];
  if (printed !== undefined) return `SET @print = ${sqlText(part(printed))};`;
  return GENERATED_PARTS[name]?.() ?? part(name);
}
