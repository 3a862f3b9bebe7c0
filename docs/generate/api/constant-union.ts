import type * as ts from "typescript";
import { sourceFile } from "./source-file";

/** The literals of a union that is derived from a list of constants, as written; undefined for another type. */
export function constantUnion(type: ts.TypeNode, file: string): string[] | undefined {
  const [, constant] = /^\(typeof (\w+)\)\[number\]$/.exec(type.getText()) ?? [];
  if (constant === undefined) return undefined;
  const [, values] = new RegExp(`const ${constant} = \\[([^\\]]*)\\] as const`).exec(sourceFile(file).text) ?? [];
  return values
    ?.split(",")
    .map((value) => value.trim())
    .filter(Boolean);
}
