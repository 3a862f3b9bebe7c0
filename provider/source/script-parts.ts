import { factStatements } from "./fact-sql";

/** A part's place in a script: everything between the two lines is made by `npm run sql`. */
const PART = /^([ \t]*)-- <part ([\w-]+)>\n(?:.*\n)*?[ \t]*-- <\/part>$/gm;

/** Parts that are made from the table of facts. */
const MADE_PARTS: Readonly<Record<string, () => string>> = {
  "facts-baseline": () => factStatements("baseline"),
  "facts-verify": () => factStatements("verify"),
};

/**
 * The script with all its parts as they should be. Running it again changes nothing.
 * @param part the text of a part that is written by hand (`sql/parts/<name>.sql`)
 */
export function withParts(script: string, part: (name: string) => string): string {
  return script.replace(PART, (_whole, indent: string, name: string) => {
    const text = (MADE_PARTS[name]?.() ?? part(name)).trimEnd();
    const lines = text.split("\n").map((line) => (line === "" ? "" : `${indent}${line}`));
    return [`${indent}-- <part ${name}>`, ...lines, `${indent}-- </part>`].join("\n");
  });
}
