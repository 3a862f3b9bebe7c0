import type * as pulumi from "@pulumi/pulumi";
import { UNKNOWN_VALUE } from "../model/unknown";

/**
 * What the SDK's types leave out of an Output. Several copies of the SDK in one program ask one another's Outputs for it.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/output.ts`, `OutputImpl`
 */
interface SettledOutput<T> {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<T>;
}

/**
 * What the SDK would send for an Output among a resource's inputs, once it is there: its value, the mark of an unknown one, or
 * the Output itself where it is secret. The SDK does the same with a stack trace for each Output, to name promises that leak, and
 * under ts-node each of these is mapped to its source: for thousands of Outputs that is seconds. Whoever sends the value in
 * place of the Output has to say by `dependsOn` whose it is.
 */
export async function sentValue<T>(output: pulumi.Output<T>): Promise<pulumi.Input<T>> {
  const settled = output as unknown as Partial<SettledOutput<T>>;
  // An SDK that keeps an Output's state elsewhere gets the Output.
  if (settled.isKnown === undefined || settled.promise === undefined) return output;
  if (await settled.isSecret) return output;
  return (await settled.isKnown) ? settled.promise() : (UNKNOWN_VALUE as pulumi.Input<T>);
}
