/**
 * The value that check and diff get, for any type, when an input is unknown until `up`.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/runtime/rpc.ts`, `unknownValue`
 */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Unknown = typeof UNKNOWN_VALUE;

export const isUnknown = (value: unknown): value is Unknown => value === UNKNOWN_VALUE;

/** The same members, all known. */
export type Known<T> = { [K in keyof T]: Exclude<T[K], Unknown> };

/** Returns the known members. */
export const knownOf = <T extends object>(value: T): Partial<Known<T>> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => !isUnknown(member))) as Partial<Known<T>>;

/** Asserts that all members are known, as they always are at `up`. @throws Error */
export function requireKnown<T extends object>(value: T): Known<T> {
  if (containsUnknown(value)) throw new Error("an input is not known at up");
  return value as Known<T>;
}

/** Whether a value is unknown or contains an unknown at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (value !== null && typeof value === "object") return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}
