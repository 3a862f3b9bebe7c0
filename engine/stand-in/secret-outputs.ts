import { isSecret, type PropertyMap, secret } from "./property-value";
import type { ResourceState } from "./resource-state";

/** What the program calls secret, and what has the name of a secret input, is secret. */
export function markSecretOutputs(state: ResourceState): void {
  const inputs: PropertyMap = state.inputs ?? {};
  if (!state.outputs) return;
  const marked = Object.entries(state.outputs).map(([key, value]) => {
    const hidden = state.additionalSecretOutputs?.includes(key) || isSecret(inputs[key]);
    return [key, hidden ? secret(value) : value] as const;
  });
  state.outputs = Object.fromEntries(marked);
}
