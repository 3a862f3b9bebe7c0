/** A JSON object, as it travels between the host and the handlers. */
export type PlainObject = Record<string, unknown>;

/**
 * A copy that the host can send: `undefined` members are left out (in the properties of an init error one would keep
 * the host from ever answering), bigints and dates become text.
 * @see https://github.com/pulumi/pulumi/issues/2721
 */
export function toPlain(value: object): PlainObject {
  return JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => (typeof member === "bigint" ? String(member) : member)),
  ) as PlainObject;
}
