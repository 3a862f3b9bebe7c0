import type OSS from "ali-oss";
import { isPropertyMap, type PropertyMap, type PropertyValue } from "../stand-in/property-value";
import { codeOf, known, textOf } from "./cloud-kind";

/** Supported actions of a rule, each with a number of days: the list name in the alicloud package and the element name in OSS. */
const ACTIONS = { abortMultipartUploads: "abortMultipartUpload", expirations: "expiration" } as const;
const ACTION_LISTS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];

/** The current `lifecycleRules` of the bucket; undefined when it has none. */
export async function readLifecycle(client: OSS, bucket: string): Promise<PropertyMap[] | undefined> {
  try {
    const { rules } = await client.getBucketLifecycle(bucket);
    return rules.map((rule) => rulePropertiesOf(Object.entries(rule)));
  } catch (error) {
    if (codeOf(error) === "NoSuchLifecycle") return undefined;
    throw error;
  }
}

/** Replaces the rules of the bucket. @throws Error for an action that the stand-in does not support */
export async function writeLifecycle(
  client: OSS,
  bucket: string,
  lifecycleRules: PropertyValue | undefined,
): Promise<void> {
  if (!Array.isArray(lifecycleRules) || lifecycleRules.length === 0) {
    await client.deleteBucketLifecycle(bucket);
    return;
  }
  const rules = lifecycleRules.filter(isPropertyMap).map(ruleOf);
  // The SDK's type describes an older form of rules and requires a date.
  await client.putBucketLifecycle(bucket, rules as unknown as OSS.LifecycleRule[]);
}

function ruleOf(rule: PropertyMap): Record<string, unknown> {
  const supported = ["id", "prefix", "enabled", ...ACTION_LISTS];
  const unsupported = Object.keys(rule).filter((name) => !name.startsWith("__") && !supported.includes(name));
  if (unsupported.length > 0)
    throw new Error(`the stand-in engine does not support lifecycle rules with ${unsupported.join()}`);
  return {
    ...known({ id: textOf(rule, "id"), prefix: textOf(rule, "prefix") ?? "" }),
    status: rule.enabled === true ? "Enabled" : "Disabled",
    ...Object.fromEntries(
      ACTION_LISTS.flatMap((list) => daysOf(rule[list]).map((days) => [ACTIONS[list], { days }] as const)),
    ),
  };
}

/** The days of a list with at most one element, which is Terraform's form of an optional block. */
const daysOf = (list: PropertyValue | undefined): number[] =>
  Array.isArray(list) ? list.filter(isPropertyMap).map(({ days }) => Number(days)) : [];

function rulePropertiesOf(rule: [string, unknown][]): PropertyMap {
  const members = new Map(rule);
  const properties: PropertyMap = {
    id: String(members.get("id") ?? ""),
    prefix: String(members.get("prefix") ?? ""),
    enabled: members.get("status") === "Enabled",
  };
  for (const list of ACTION_LISTS) {
    const action = members.get(ACTIONS[list]);
    if (typeof action === "object" && action !== null)
      properties[list] = [{ days: Number(Reflect.get(action, "days")) }];
  }
  return properties;
}
