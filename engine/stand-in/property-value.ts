/**
 * Property values in the form of gRPC messages and the deployment JSON: plain JSON, in which secrets, resource references, assets
 * and outputs are objects with a signature member, and an unknown value is a well-known string
 * (sdk/nodejs/runtime/rpc.ts and sdk/go/common/resource/properties.go of pulumi/pulumi).
 */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
export interface PropertyMap {
  [key: string]: PropertyValue;
}

/** Represents a value that is unknown until an update has run. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export const isPropertyMap = (value: PropertyValue | undefined): value is PropertyMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hasSignature = (value: PropertyValue | undefined, signature: string): value is PropertyMap =>
  isPropertyMap(value) && value[SIGNATURE_KEY] === signature;

export const isSecret = (value: PropertyValue | undefined): value is PropertyMap =>
  hasSignature(value, SECRET_SIGNATURE);

export const secret = (value: PropertyValue): PropertyValue =>
  isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };

/** Applies `change` to every value from the inside out, including the members of marked objects. */
function mapValues(value: PropertyValue, change: (value: PropertyValue) => PropertyValue): PropertyValue {
  if (Array.isArray(value)) {
    const items = value.map((item) => mapValues(item, change));
    return change(items.every((item, index) => item === value[index]) ? value : items);
  }
  if (!isPropertyMap(value)) return change(value);
  return change(mapMembers(value, (member) => mapValues(member, change)));
}

/** Returns the same map when nothing changes, which avoids copying the properties of hundreds of resources. */
export function mapMembers(map: PropertyMap, change: (value: PropertyValue) => PropertyValue): PropertyMap {
  const members = Object.entries(map).map(([key, value]) => [key, change(value)] as const);
  return members.every(([key, value]) => value === map[key]) ? map : Object.fromEntries(members);
}

const some = (value: PropertyValue | undefined, test: (value: PropertyValue) => boolean): boolean => {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => some(item, test));
  return isPropertyMap(value) && Object.values(value).some((member) => some(member, test));
};

const containsSecrets = (value: PropertyValue | undefined): boolean => some(value, isSecret);

/** Replaces secrets by their values and resource references by ids, for providers that accept neither. */
export const revealed = (map: PropertyMap): PropertyMap => mapMembers(map, (value) => mapValues(value, reveal));

function reveal(value: PropertyValue): PropertyValue {
  if (hasSignature(value, SECRET_SIGNATURE)) return value.value ?? null;
  if (hasSignature(value, OUTPUT_SIGNATURE)) return value.value ?? UNKNOWN;
  // A component has no id, so its URN is used.
  if (hasSignature(value, RESOURCE_SIGNATURE)) return value.id === "" ? UNKNOWN : (value.id ?? value.urn ?? null);
  return value;
}

/** Replaces secrets by `[secret]`, for logs and display. */
export const redacted = (value: PropertyValue): PropertyValue =>
  mapValues(value, (item) => (isSecret(item) ? "[secret]" : reveal(item)));

/**
 * Marks outputs as secret whose input of the same name was secret, because the dynamic provider returns plain text. Objects are
 * marked by member, other values as a whole (annotateSecrets in sdk/go/common/resource/plugin/provider_plugin.go).
 */
export function markSecretsLike(outs: PropertyMap, ins: PropertyMap): PropertyMap {
  const marked = { ...outs };
  for (const [key, before] of Object.entries(ins)) {
    const now = marked[key];
    if (now === undefined) continue;
    if (isPropertyMap(now) && !isSecret(now) && isPropertyMap(before) && !isSecret(before)) {
      marked[key] = markSecretsLike(now, before);
    } else if (containsSecrets(before)) {
      marked[key] = secret(now);
    }
  }
  return marked;
}

/** Deep equality; the order of object members is ignored. */
export function sameValue(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameValue(item, right[index]));
  }
  if (isPropertyMap(left) && isPropertyMap(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => sameValue(left[key], right[key]));
  }
  return left === right;
}
