import type { PropertyMap } from "./property-value";
import type { Urn } from "./urn";

/**
 * The interface of a provider. Values contain no secrets or references: the engine reveals them before a call and marks them again
 * afterwards. A method that fails throws an Error whose message is shown to the user.
 */
export interface Provider {
  check(request: { urn: Urn; olds: PropertyMap; news: PropertyMap }): Promise<CheckAnswer>;
  diff(request: {
    urn: Urn;
    id: string;
    oldInputs: PropertyMap;
    oldOutputs: PropertyMap;
    newInputs: PropertyMap;
    ignoreChanges: string[];
  }): Promise<DiffAnswer>;
  create(request: { urn: Urn; inputs: PropertyMap }): Promise<CreateAnswer>;
  read(request: { urn: Urn; id: string; inputs: PropertyMap; outputs: PropertyMap }): Promise<ReadAnswer>;
  update(request: {
    urn: Urn;
    id: string;
    oldInputs: PropertyMap;
    oldOutputs: PropertyMap;
    newInputs: PropertyMap;
  }): Promise<UpdateAnswer>;
  delete(request: { urn: Urn; id: string; inputs: PropertyMap; outputs: PropertyMap }): Promise<void>;
  /** The outputs that a preview shows for an update. */
  planUpdate(oldOutputs: PropertyMap, newInputs: PropertyMap): PropertyMap;
  /** Requests cancellation; running calls may continue. */
  cancel(): Promise<void>;
  /** Terminates the provider within seconds. */
  close(): Promise<void>;
}

export interface CheckAnswer {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

export interface DiffAnswer {
  /** With `unknown`, the engine compares the inputs itself. */
  changes: "none" | "some" | "unknown";
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** With `initErrors` the resource exists and is recorded, but the step has failed. */
export interface CreateAnswer {
  id: string;
  outputs: PropertyMap;
  initErrors?: string[];
}

export interface UpdateAnswer {
  outputs: PropertyMap;
  initErrors?: string[];
}

/** An empty `id` means that the resource no longer exists. */
export interface ReadAnswer {
  id: string;
  outputs?: PropertyMap;
  inputs?: PropertyMap;
  initErrors?: string[];
}
