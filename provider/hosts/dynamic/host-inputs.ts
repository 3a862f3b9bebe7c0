import type { PlainObject } from "../../model/plain";
import { markNames, markOutputs, unmarkNames } from "../../model/state-format";

/** A dynamic resource's inputs, split: URN and preview flag travel as inputs, because the engine's call has neither. */
export interface HostInputs {
  urn: string;
  isPreview: boolean;
  /** The other members, under the names that handlers use. */
  members: PlainObject;
}

export function readHostInputs(props: PlainObject): HostInputs {
  const { resourceUrn, preview, ...members } = unmarkNames(props);
  return { urn: typeof resourceUrn === "string" ? resourceUrn : "", isPreview: preview === true, members };
}

/** Returns the inputs that `check` returns to the engine, which passes them to the other handlers. */
export const writeInputs = (members: PlainObject, { urn, isPreview }: HostInputs): PlainObject =>
  markNames({ ...members, resourceUrn: urn, ...(isPreview ? { preview: true } : {}) });

/** Returns the outputs as they are stored: `read` and `delete` get nothing else. */
export const writeOutputs = (members: PlainObject, { urn }: Pick<HostInputs, "urn">): PlainObject =>
  markOutputs({ ...members, resourceUrn: urn });
