import type { PlainObject } from "../../model/plain";
import { markNames, markOutputs, unmarkNames } from "../../model/state-format";

/** What a dynamic resource's own inputs say about the engine's call, which passes neither to the handlers. */
export interface HostInputs {
  urn: string;
  isPreview: boolean;
  /** The other members, with the names that handlers use. */
  members: PlainObject;
}

export function readHostInputs(props: PlainObject): HostInputs {
  const { resourceUrn, preview, ...members } = unmarkNames(props);
  return { urn: typeof resourceUrn === "string" ? resourceUrn : "", isPreview: preview === true, members };
}

/** Inputs that check answers, as the engine sends them back to the other handlers. */
export const writeInputs = (members: PlainObject, { urn, isPreview }: HostInputs): PlainObject =>
  markNames({ ...members, resourceUrn: urn, ...(isPreview ? { preview: true } : {}) });

/** Outputs as state keeps them: `read` and `delete` get nothing else. */
export const writeOutputs = (members: PlainObject, { urn }: Pick<HostInputs, "urn">): PlainObject =>
  markOutputs({ ...members, resourceUrn: urn });
