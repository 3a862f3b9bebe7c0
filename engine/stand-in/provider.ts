import type { PropertyMap } from "./property-value";
import type { Urn } from "./urn";

/**
 * What the engine asks of whoever manages resources of a package. Values cross without secrets and references (they are
 * revealed before and marked again after). A method that fails throws; the text is shown to the user.
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
  create(request: { urn: Urn; inputs: PropertyMap; timeoutSeconds: number }): Promise<CreateAnswer>;
  read(request: { urn: Urn; id: string; inputs: PropertyMap; outputs: PropertyMap }): Promise<ReadAnswer>;
  update(request: {
    urn: Urn;
    id: string;
    oldInputs: PropertyMap;
    oldOutputs: PropertyMap;
    newInputs: PropertyMap;
    timeoutSeconds: number;
  }): Promise<UpdateAnswer>;
  delete(request: {
    urn: Urn;
    id: string;
    inputs: PropertyMap;
    outputs: PropertyMap;
    timeoutSeconds: number;
  }): Promise<void>;
  /** What a preview shows of an update: without a way to ask, the new inputs are all that is known. */
  planUpdate(oldOutputs: PropertyMap, newInputs: PropertyMap): PropertyMap;
  invoke(token: string, args: PropertyMap): Promise<PropertyMap>;
  /** Asks it to come to an end; it may go on. */
  cancel(): Promise<void>;
  /** Ends it, within seconds. */
  close(): Promise<void>;
}

export interface CheckAnswer {
  inputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

export interface DiffAnswer {
  /** `unknown`: the engine compares the inputs itself. */
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

/** A blank `id` means that the resource is gone. */
export interface ReadAnswer {
  id: string;
  outputs?: PropertyMap;
  inputs?: PropertyMap;
  initErrors?: string[];
}
