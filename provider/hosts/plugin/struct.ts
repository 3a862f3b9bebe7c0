import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PlainObject } from "../../model/plain";
import { UNKNOWN_VALUE } from "../../model/unknown";

/** The member that marks an object as a special value, and its value for a secret. @see pulumi `sdk/go/common/resource/sig` */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** What the engine sends for unknown values: one text for each type. @see pulumi `sdk/go/common/resource/plugin/rpc.go` */
const UNKNOWN_VALUES: ReadonlySet<unknown> = new Set([
  UNKNOWN_VALUE,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Returns the members of a struct: secrets without their envelope, and one value for everything unknown. */
export const fromStruct = (struct: Struct | undefined): PlainObject =>
  struct === undefined ? {} : (plainOf(struct.toJavaScript()) as PlainObject);

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (value === null || typeof value !== "object") return UNKNOWN_VALUES.has(value) ? UNKNOWN_VALUE : value;
  const members = value as PlainObject;
  if (isSecret(members)) return plainOf(members.value);
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, plainOf(member)]));
}

/** Returns members as a struct; those that are undefined are left out. */
export const toStruct = (members: PlainObject): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(members)) as Record<string, JavaScriptValue>);

/** Whether a value of a struct is the envelope of a secret. */
export const isSecret = (value: unknown): boolean =>
  value !== null && typeof value === "object" && Reflect.get(value, SIGNATURE) === SECRET;

/** Marks a value as a secret. */
export const asSecret = (value: unknown): PlainObject => ({ [SIGNATURE]: SECRET, value });
