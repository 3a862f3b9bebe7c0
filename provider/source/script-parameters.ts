import { assignText, sqlName } from "./sql-text";

/** A parameter's line in a script: `SET @name = …;`, alone on its line, without indentation. */
const PARAMETER_LINE = /^SET @(\w+) = .*;$/gm;

/** Parameters of a script by name. A list becomes bracketed names, separated by semicolons. */
export type ScriptParameters = Readonly<Record<string, string | boolean | readonly string[]>>;

/**
 * Fills in the parameters of a script, with any characters in the names escaped. One pass over the script: a value that
 * looks like a parameter's line is never taken for one.
 * @throws RangeError for an unknown parameter: parameter names come from code, not from users
 */
export function withParameters(script: string, parameters: ScriptParameters): string {
  const open = new Map(Object.entries(parameters));
  const filled = script.replace(PARAMETER_LINE, (line, name: string) => {
    const value = open.get(name);
    // The first line is the parameter; later ones compute with it.
    open.delete(name);
    return value === undefined ? line : assign(`@${name}`, value);
  });
  const [unknown] = open.keys();
  if (unknown !== undefined) throw new RangeError(`the script has no parameter @${unknown}`);
  return filled;
}

function assign(variable: string, value: string | boolean | readonly string[]): string {
  if (typeof value === "boolean") return `SET ${variable} = ${value ? 1 : 0};`;
  return assignText(variable, typeof value === "string" ? value : value.map(sqlName).join(";"));
}
