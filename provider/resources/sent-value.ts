import type * as pulumi from "@pulumi/pulumi";
import { UNKNOWN_VALUE } from "../model/unknown";

/**
 * The members of an Output that the SDK's types omit. Copies of the SDK in one program use them on each other's Outputs.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/output.ts`, `OutputImpl`
 */
interface SettledOutput<T> {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<T>;
}

/**
 * Returns what the SDK would send for an Output among a resource's inputs: its value, the placeholder of an unknown value, or the
 * Output itself where it is secret. For each Output the SDK records a stack trace to report leaked promises, which ts-node maps
 * to the source; with thousands of Outputs that takes seconds. A caller that sends the value instead of the Output must declare
 * the dependency with `dependsOn`.
 */
export async function sentValue<T>(output: pulumi.Output<T>): Promise<pulumi.Input<T>> {
  const settled = output as unknown as Partial<SettledOutput<T>>;
  // If a later SDK stores the state of an Output elsewhere, fall back to the Output.
  if (settled.isKnown === undefined || settled.promise === undefined) return output;
  if (await settled.isSecret) return output;
  return (await settled.isKnown) ? settled.promise() : (UNKNOWN_VALUE as pulumi.Input<T>);
}
