import type { JournalEntry } from "../world";
import type { IncomingRequest } from "./incoming-request";
import type { Reply } from "./reply";

/** Description of a request that is not verified yet. Fault rules match it. */
export interface RequestDescription {
  service: JournalEntry["service"];
  /** For example `UploadPart`; `Unknown` for unsupported operations. */
  action: string;
  /** Decoded parameters; for OSS also `bucket` and `key`. */
  params: Readonly<Record<string, string>>;
}

/** The reply to one request and its journal fields. */
export interface Outcome {
  reply: Reply;
  action: string;
  /** The service's error code, for refused requests. */
  code?: string;
  detail: JournalEntry["detail"];
}

/** Handles the requests of one protocol, OSS or RPC. */
export interface ServiceHandler {
  describe(incoming: IncomingRequest): RequestDescription;
  /** Answers a request. Errors of the service are outcomes too. @throws ClientGone */
  handle(incoming: IncomingRequest): Promise<Outcome>;
}
