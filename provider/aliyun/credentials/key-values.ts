import { migrationError } from "../../errors/migration-error";
import type { Credentials } from "../object-store";
import { SourceFault } from "./source-fault";

/** The members of an object, or none. */
export const membersOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** A text that is not empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

/** A number that is not zero: zero means the default, as the aliyun CLI writes it. */
export const positiveOf = (value: unknown): number | undefined =>
  typeof value === "number" && value > 0 ? value : undefined;

/**
 * A key or a secret without blanks and line breaks at its ends. Others would make an HTTP header that cannot be sent.
 * @throws INPUT_INVALID that names `property`, not the value
 */
export function cleanKey(property: string, value: string): string {
  const key = value.trim();
  if (/^[\x21-\x7e]*$/.test(key)) return key;
  throw migrationError("INPUT_INVALID", {
    property,
    fault: "contains a blank, a line break or another character that no key has",
    remedy: "Copy the value again, without other characters, and set it again.",
  });
}

/** Names of the members of a reply or a file with keys. */
export interface KeyNames {
  id: string;
  secret: string;
  token: string;
  expiration: string;
}

export const WIRE_NAMES: KeyNames = {
  id: "AccessKeyId",
  secret: "AccessKeySecret",
  token: "SecurityToken",
  expiration: "Expiration",
};

/** Reads keys out of a JSON object. @throws SourceFault when the id or the secret is missing */
export function readKeys(value: unknown, names: KeyNames, source: string): Credentials {
  const members = membersOf(value);
  const [id, secret, token] = [names.id, names.secret, names.token].map((name) => textOf(members[name]));
  const missing = [...(id === undefined ? [names.id] : []), ...(secret === undefined ? [names.secret] : [])];
  if (id === undefined || secret === undefined) throw new SourceFault(`${source} has no ${missing.join(" and no ")}`);
  const expiration = members[names.expiration];
  const expiresAtMs = typeof expiration === "string" ? Date.parse(expiration) : Number.NaN;
  return {
    accessKeyId: cleanKey(`${names.id} of ${source}`, id),
    accessKeySecret: cleanKey(`${names.secret} of ${source}`, secret),
    ...(token === undefined ? {} : { securityToken: cleanKey(`${names.token} of ${source}`, token) }),
    ...(Number.isNaN(expiresAtMs) ? {} : { expiresAtMs }),
  };
}

/** Reads temporary keys: a token is required too. @throws SourceFault */
export function readTemporaryKeys(value: unknown, names: KeyNames, source: string): Credentials {
  const keys = readKeys(value, names, source);
  if (keys.securityToken === undefined) throw new SourceFault(`${source} has no ${names.token}`);
  return keys;
}

/** Parses JSON. @throws SourceFault without the text, which may hold secrets */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new SourceFault(`${source} is not JSON`);
  }
}
