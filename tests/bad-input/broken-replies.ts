import fc from "fast-check";
import type { Mutation, Reply } from "./mutating-relay";

/** Values that are undocumented at every position of a reply. */
const HOSTILE_VALUES: unknown[] = [
  ...[null, true, -1, 0, 1.5, 1e308, 2 ** 53 + 2, "", " ", "0", "NaN", "99999999999999999999"],
  ...["Sideways", "SUCCESS", "succès\u0000", "\ud800", "<html>", "2026-13-45T99:99:99Z", "0000-00-00", [], {}],
  ...[["a"], { a: { b: [] } }, [null], "x".repeat(100_000)],
];

const withBody = (reply: Reply, body: string | Buffer): Reply => ({ ...reply, body: Buffer.from(body) });

const PROXY_PAGE = "<html><head><title>Sign in</title></head><body>Please sign in to the guest network.</body></html>";

/** Mutations of the whole reply. */
const WHOLE: Record<string, Mutation> = {
  "a proxy's page with status 200": (reply) => ({
    ...withBody(reply, PROXY_PAGE),
    status: 200,
    contentType: "text/html",
  }),
  "a page with the content type of the service": (reply) => withBody({ ...reply, status: 200 }, PROXY_PAGE),
  "an empty body": (reply) => withBody(reply, ""),
  "the first half of the body": (reply) => withBody(reply, reply.body.subarray(0, reply.body.length >> 1)),
  "it twice": (reply) => withBody(reply, Buffer.concat([reply.body, reply.body])),
  "UTF-16": (reply) => withBody(reply, Buffer.from(`\ufeff${reply.body.toString()}`, "utf16le")),
  "a leading byte order mark": (reply) => withBody(reply, `\ufeff${reply.body.toString()}`),
  "bytes that are not text": (reply) => withBody(reply, Buffer.from(reply.body.map((byte) => byte ^ 0xa5))),
  "JSON null": (reply) => withBody(reply, "null"),
  "a JSON list": (reply) => withBody(reply, "[]"),
  "a JSON text": (reply) => withBody(reply, '"ok"'),
  "an empty object": (reply) => withBody(reply, "{}"),
  "an empty element": (reply) => withBody(reply, "<a/>"),
  "deeply nested lists": (reply) => withBody(reply, "[".repeat(20_000)),
  "an expanding entity": (reply) =>
    withBody(reply, '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;&c;</a>'),
  "204": (reply) => ({ ...withBody(reply, ""), status: 204 }),
  "a redirect": (reply) => ({ ...withBody(reply, ""), status: 302 }),
  "a status that does not exist": (reply) => ({ ...reply, status: 599 }),
};

/** The paths of all values in a JSON value. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, member]) => placesOf(member, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy with the value at a path replaced or removed. */
function replaced(value: unknown, [name, ...rest]: readonly string[], by: { value?: unknown }): unknown {
  if (name === undefined) return by.value;
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).flatMap(([other, member]) => {
    if (other !== name) return [[other, member]];
    return rest.length === 0 && !("value" in by) ? [] : [[other, replaced(member, rest, by)]];
  });
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}

/** Replaces or removes one value of a reply; in XML the text or the attribute of one element. */
function onePlace(place: number, by: { value?: unknown }): Mutation {
  return (reply) => {
    const text = reply.body.toString();
    if (!text.startsWith("{")) return withBody(reply, onePlaceOfXml(text, place, by));
    const parsed: unknown = JSON.parse(text);
    const places = placesOf(parsed);
    const path = places[place % Math.max(1, places.length)];
    // A wrong but well-formed task id cannot be detected.
    if (path?.at(-1) === "MigrateTaskId" && /^\d+$/.test(String(by.value))) return reply;
    return path === undefined ? reply : withBody(reply, JSON.stringify(replaced(parsed, path, by)) ?? "");
  };
}

function onePlaceOfXml(text: string, place: number, by: { value?: unknown }): string {
  const elements = [...text.matchAll(/<(\w+)>([^<]*)<\/\1>/g)];
  const found = elements[place % Math.max(1, elements.length)];
  if (found === undefined) return text;
  const [whole, name] = found;
  const written = typeof by.value === "object" ? JSON.stringify(by.value) : String(by.value);
  const value = "value" in by ? `<${name}>${written}</${name}>` : "";
  return text.slice(0, found.index) + value + text.slice(found.index + whole.length);
}

export interface BrokenReply {
  /** A description for the message of a failed test. */
  what: string;
  mutation: Mutation;
}

/** An arbitrary broken reply. */
export const brokenReplies: fc.Arbitrary<BrokenReply> = fc.oneof(
  fc.constantFrom(...Object.entries(WHOLE)).map(([what, mutation]) => ({ what, mutation })),
  fc.record({ place: fc.nat(60), value: fc.constantFrom(...HOSTILE_VALUES) }).map(({ place, value }) => ({
    what: `place ${place} is ${JSON.stringify(value)?.slice(0, 40)}`,
    mutation: onePlace(place, { value }),
  })),
  fc.nat(60).map((place) => ({ what: `place ${place} is missing`, mutation: onePlace(place, {}) })),
);
