import { isDeepStrictEqual } from "node:util";
import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { PlainObject } from "../../model/plain";

/** The changed inputs by property path, and the kind of each change. */
export type DetailedDiff = ReadonlyMap<string, PropertyDiff.Kind>;

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
const REPLACING = new Map([
  [ADD, ADD_REPLACE],
  [DELETE, DELETE_REPLACE],
  [UPDATE, UPDATE_REPLACE],
]);

/**
 * Compares the recorded inputs with the new ones for `--diff` and rows. Inputs that the provider adds are left out, as the engine
 * hides them. A property that replaces the resource is always part of it: it may differ from the outputs only.
 */
export function detailedDiff(olds: PlainObject, news: PlainObject, replaces: readonly string[]): DetailedDiff {
  const changed = new Map([...changesOf(visible(olds), visible(news))]);
  const found = new Map(
    [...changed].map(([path, kind]) => {
      const [property = path] = path.split(/[.[]/);
      return [path, replaces.includes(property) ? (REPLACING.get(kind) ?? kind) : kind];
    }),
  );
  for (const property of replaces) if (!found.has(property)) found.set(property, UPDATE_REPLACE);
  return found;
}

const visible = (inputs: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));

/** Lists are compared as a whole: the order of their elements is part of their value. */
function* changesOf(olds: PlainObject, news: PlainObject, prefix = ""): Generator<[string, PropertyDiff.Kind]> {
  for (const name of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    const path = `${prefix}${prefix === "" ? name : pathStep(name)}`;
    const [before, after] = [olds[name], news[name]];
    if (isDeepStrictEqual(before, after)) continue;
    if (before === undefined) yield [path, ADD];
    else if (after === undefined) yield [path, DELETE];
    else if (isObject(before) && isObject(after)) yield* changesOf(before, after, path);
    else yield [path, UPDATE];
  }
}

const pathStep = (name: string): string => (/^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`);

const isObject = (value: unknown): value is PlainObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);
