import { sqlName, sqlText } from "./sql-text";

/** A parameter's line in a script: `SET @name = …;`, alone on its line. */
const parameterLine = (name: string): RegExp => new RegExp(`^SET @${name} = .*;$`, "m");

/** Parameters of a script by name. A list becomes bracketed names, separated by semicolons. */
export type ScriptParameters = Readonly<Record<string, string | boolean | readonly string[]>>;

/**
 * Fills in the parameters of a script, with any characters in the names escaped.
 * @throws RangeError for an unknown parameter: parameter names come from code, not from users
 */
export function withParameters(script: string, parameters: ScriptParameters): string {
  return Object.entries(parameters).reduce((text, [name, value]) => {
    const line = parameterLine(name);
    if (!line.test(text)) throw new RangeError(`the script has no parameter @${name}`);
    return text.replace(line, () => `SET @${name} = ${literal(value)};`);
  }, script);
}

function literal(value: string | boolean | readonly string[]): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return sqlText(typeof value === "string" ? value : value.map(sqlName).join(";"));
}
