import * as pulumi from "@pulumi/pulumi";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import * as state from "@pulumi/pulumi/runtime/state";

/**
 * Functions that the SDK's own provider server uses and its types omit.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/provider/server.ts`, `sdk/nodejs/runtime`
 */
interface Internals {
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
  awaitFeatureSupport(): Promise<void>;
  waitForRPCs(): Promise<void>;
  hookBindingFromProto(
    hooks: ReturnType<ConstructRequest["getResourceHooks"]>,
  ): pulumi.ComponentResourceOptions["hooks"];
  deserializeInputs(
    inputs: ReturnType<ConstructRequest["getInputs"]>,
    dependencies: ReturnType<ConstructRequest["getInputdependenciesMap"]>,
  ): Promise<pulumi.Inputs>;
}

export const { awaitFeatureSupport, deserializeInputs, hookBindingFromProto, waitForRPCs, withLocalStorage } = {
  ...state,
  ...pulumi.runtime,
  ...pulumi.provider,
} as unknown as Internals;

/**
 * The members of an Output that the SDK's types omit.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/output.ts`, `OutputImpl`
 */
export interface SettledOutput {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<unknown>;
  resources(): Set<pulumi.Resource>;
}

export const settledOutput = (value: unknown): SettledOutput => pulumi.output(value) as unknown as SettledOutput;

export const urnOf = async (resource: pulumi.Resource): Promise<string> =>
  String(await settledOutput(resource.urn).promise());
