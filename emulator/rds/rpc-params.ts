import { type RpcCall, RpcFault } from "../world";

/** Default and inclusive bounds of an integer parameter. */
export interface NumberRule {
  fallback: number;
  min: number;
  max: number;
  /** The allowed values, when the documents list values instead of a range. */
  oneOf?: readonly number[];
}

/** Returns a parameter; undefined when it is absent or empty, as in `MigrateTaskId=`. */
export function optionalParam(call: RpcCall, name: string): string | undefined {
  const value = call.params.get(name);
  return value === undefined || value === "" ? undefined : value;
}

/**
 * Returns a required parameter.
 *
 * @throws RpcFault 400 `Missing<Name>`, the gateway's general form (assumed for each parameter)
 */
export function requiredParam(call: RpcCall, name: string): string {
  const value = optionalParam(call, name);
  if (value === undefined) throw new RpcFault(400, `Missing${name}`, `${name} is mandatory for this action.`);
  return value;
}

/** Returns a parameter with one of the documented values; undefined when it is absent. */
export function wordParam<Word extends string>(call: RpcCall, name: string, words: readonly Word[]): Word | undefined {
  const value = optionalParam(call, name);
  if (value === undefined) return undefined;
  const word = words.find((known) => known === value);
  if (word === undefined) throw malformed(name, `one of ${words.join(", ")}`);
  return word;
}

export function requiredWordParam<Word extends string>(call: RpcCall, name: string, words: readonly Word[]): Word {
  requiredParam(call, name);
  const word = wordParam(call, name, words);
  if (word === undefined) throw malformed(name, `one of ${words.join(", ")}`);
  return word;
}

export function numberParam(call: RpcCall, name: string, rule: NumberRule): number {
  const value = optionalParam(call, name);
  if (value === undefined) return rule.fallback;
  const number = Number(value);
  const allowed = rule.oneOf ? rule.oneOf.includes(number) : number >= rule.min && number <= rule.max;
  if (!/^\d+$/.test(value) || !allowed) {
    throw malformed(name, rule.oneOf ? `one of ${rule.oneOf.join(", ")}` : `from ${rule.min} to ${rule.max}`);
  }
  return number;
}

/** Python clients send `True`, Node clients `true`. */
export function booleanParam(call: RpcCall, name: string): boolean | undefined {
  const value = optionalParam(call, name)?.toLowerCase();
  if (value === undefined) return undefined;
  if (value !== "true" && value !== "false") throw malformed(name, "true or false");
  return value === "true";
}

/**
 * Creates the error for a value that is not allowed. The code is assumed; it follows the pattern of RDS's other codes.
 */
export function malformed(name: string, expected: string): RpcFault {
  return new RpcFault(400, `Invalid${name}.Malformed`, `The specified parameter "${name}" is not valid: ${expected}.`);
}

/** Returns the values of `Name.1.Key`, `Name.2.Key`, … or `Name.1`, `Name.2`, … in order. */
export function listParam(call: RpcCall, name: string, member?: string): string[] {
  const values: string[] = [];
  for (let position = 1; ; position += 1) {
    const value = call.params.get(member === undefined ? `${name}.${position}` : `${name}.${position}.${member}`);
    if (value === undefined) return values;
    values.push(value);
  }
}
