/** A JSON object, as the host and the handlers exchange it. */
export type PlainObject = Record<string, unknown>;

/**
 * Returns a copy that the host can send. `undefined` members are removed: in the properties of an init error they would keep the
 * host from ever replying. Bigints and dates become text.
 * @see https://github.com/pulumi/pulumi/issues/2721
 */
export function toPlain(value: object): PlainObject {
  return JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => (typeof member === "bigint" ? String(member) : member)),
  ) as PlainObject;
}
