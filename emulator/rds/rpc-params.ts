import { type RpcCall, RpcFault } from "../world";

/** Bounds and default of a whole-number parameter; both bounds are allowed values. */
export interface NumberRule {
  fallback: number;
  min: number;
  max: number;
  /** The only values allowed, where the documents give a list instead of a range. */
  oneOf?: readonly number[];
}

/** A parameter's text; an empty one counts as left out, as in `MigrateTaskId=`. */
export function optionalParam(call: RpcCall, name: string): string | undefined {
  const value = call.params.get(name);
  return value === undefined || value === "" ? undefined : value;
}

/**
 * A parameter that the call cannot do without.
 *
 * @throws RpcFault 400 `Missing<Name>`, the gateway's general form (assumed for each single parameter)
 */
export function requiredParam(call: RpcCall, name: string): string {
  const value = optionalParam(call, name);
  if (value === undefined) throw new RpcFault(400, `Missing${name}`, `${name} is mandatory for this action.`);
  return value;
}

/** One word out of a documented list; undefined when the parameter is left out. */
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

/** The refusal of a value outside the documented ones. The code's name follows RDS's other codes; it is assumed. */
export function malformed(name: string, expected: string): RpcFault {
  return new RpcFault(400, `Invalid${name}.Malformed`, `The specified parameter "${name}" is not valid: ${expected}.`);
}

/** The values of `Name.1.Key`, `Name.2.Key`, … or `Name.1`, `Name.2`, … in order. */
export function listParam(call: RpcCall, name: string, member?: string): string[] {
  const values: string[] = [];
  for (let position = 1; ; position += 1) {
    const value = call.params.get(member === undefined ? `${name}.${position}` : `${name}.${position}.${member}`);
    if (value === undefined) return values;
    values.push(value);
  }
}
