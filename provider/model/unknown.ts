/**
 * What stands in check and diff for a value that is not known before `up`, whatever its type.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/runtime/rpc.ts`, `unknownValue`
 */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isUnknown = (value: unknown): boolean => value === UNKNOWN_VALUE;

/** Whether an unknown stands anywhere in a value. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (value !== null && typeof value === "object") return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}
