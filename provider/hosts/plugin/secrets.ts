import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { InitError } from "../../model/init-error";
import type { PlainObject } from "../../model/plain";
import { asSecret, isSecret } from "./struct";

/**
 * Marks as secret what is secret under the same name in the values that the call got: the handlers work with plain values. Objects are
 * compared member by member. The engine does the same for a provider that accepts no secrets, but such a provider cannot construct
 * components.
 * @see https://github.com/pulumi/pulumi `sdk/go/common/resource/plugin/provider_plugin.go`, annotateSecrets
 */
export const keepSecrets = (values: PlainObject, source: Struct | undefined): PlainObject =>
  source === undefined ? values : keptMembers(values, source.toJavaScript());

/** Runs a call whose init error has the outputs of a resource, and keeps the secrets of all sources in them. */
export async function withSecretsKept<T>(sources: readonly (Struct | undefined)[], call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    throw new InitError(error.id, sources.reduce(keepSecrets, error.properties), {}, error.reasons, error.cause);
  }
}

const keptMembers = (values: PlainObject, source: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, kept(value, source[name])]));

function kept(value: unknown, source: unknown): unknown {
  if (isSecret(value) || !containsSecret(source)) return value;
  return isMembers(value) && isMembers(source) && !isSecret(source) ? keptMembers(value, source) : asSecret(value);
}

const containsSecret = (value: unknown): boolean =>
  isSecret(value) || (value !== null && typeof value === "object" && Object.values(value).some(containsSecret));

const isMembers = (value: unknown): value is PlainObject =>
  value !== null && typeof value === "object" && !Array.isArray(value);
