import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PlainObject } from "../../model/plain";
import { withOwnNames } from "./provider-arguments";
import { fromStruct, isSecret, plainOf, toSecret } from "./struct";

/** Shorter texts occur inside of other words, so they are only kept secret where they are given. */
const SHORTEST_TEXT = 6;

/**
 * The secrets among the arguments of a process's resources. Handlers get them in clear. They stay secret in what the plugin returns
 * for them, and a text among them also wherever a handler has made it a part of something else.
 */
export class Secrets {
  private readonly texts = new Set<string>();

  /** Returns the members of a struct in clear. */
  read(struct: Struct | undefined): PlainObject {
    if (struct !== undefined) this.learn(struct.toJavaScript(), false);
    return fromStruct(struct);
  }

  /** Returns members as a struct. @param given arguments and outputs that they repeat */
  write(members: PlainObject, ...given: (Struct | undefined)[]): Struct {
    // Removes undefined members, which a struct cannot hold.
    const plain = this.marked(JSON.parse(JSON.stringify(members)), undefined);
    const marked = given.reduce((value, each) => this.marked(value, each?.toJavaScript()), plain);
    return Struct.fromJavaScript(marked as Record<string, JavaScriptValue>);
  }

  /** Returns a message that may be printed: without secrets, and with the plugin's own names of its settings. */
  message(text: string): string {
    return withOwnNames(this.hide(text));
  }

  private hide(text: string): string {
    return [...this.texts].reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
  }

  private learn(value: unknown, inSecret: boolean): void {
    if (typeof value === "string") {
      if (inSecret && value.length >= SHORTEST_TEXT) this.texts.add(value);
    } else if (isSecret(value)) this.learn(value.value, true);
    else if (value !== null && typeof value === "object")
      for (const each of Object.values(value)) this.learn(each, inSecret);
  }

  private marked(value: unknown, given: unknown): unknown {
    if (isSecret(value)) return value;
    if (isSecret(given)) return toSecret(plainOf(value));
    if (typeof value === "string") return this.hide(value) === value ? value : toSecret(value);
    if (value === null || typeof value !== "object") return value;
    const givenMembers = (given ?? {}) as PlainObject;
    // A handler may order the elements of a list otherwise.
    if (Array.isArray(value) && Array.isArray(given) && given.some(isSecret)) return toSecret(plainOf(value));
    if (Array.isArray(value)) return value.map((each, index) => this.marked(each, givenMembers[index]));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.marked(member, givenMembers[name])]),
    );
  }
}
