import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const SQL_FOLDER = join(__dirname, "..", "..", "..", "sql");

/** Every script of the package. */
export const scriptNames = readdirSync(SQL_FOLDER).filter((name) => name.endsWith(".sql"));

export const readScript = (name: string): string => readFileSync(join(SQL_FOLDER, name), "utf8");

/** The text between the markers of a part of a script. */
export function partOf(script: string, part: string): string {
  const [, text] = new RegExp(`-- <part ${part}>\\n([\\s\\S]*?)-- </part>`).exec(readScript(script)) ?? [];
  if (text === undefined) throw new Error(`${script} has no part ${part}`);
  return text;
}
