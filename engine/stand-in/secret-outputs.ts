import { isSecret, type PropertyMap, secret } from "./property-value";
import type { ResourceState } from "./resource-state";

/** Marks outputs as secret that the program declares as secret or that have the name of a secret input. */
export function markSecretOutputs(state: ResourceState): void {
  const inputs: PropertyMap = state.inputs ?? {};
  if (!state.outputs) return;
  const marked = Object.entries(state.outputs).map(([key, value]) => {
    const hidden = state.additionalSecretOutputs?.includes(key) || isSecret(inputs[key]);
    return [key, hidden ? secret(value) : value] as const;
  });
  state.outputs = Object.fromEntries(marked);
}
