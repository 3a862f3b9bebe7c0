import type { JournalEntry } from "../world";
import type { IncomingRequest } from "./incoming-request";
import type { Reply } from "./reply";

/** What a request is, before anything about it is verified: what fault rules match. */
export interface RequestDescription {
  service: JournalEntry["service"];
  /** For example `UploadPart`; `Unknown` when there is no such operation. */
  action: string;
  /** Decoded parameters; for OSS also `bucket` and `key`. */
  params: Readonly<Record<string, string>>;
}

/** What became of one request. */
export interface Outcome {
  reply: Reply;
  action: string;
  /** The service's error code, for refusals. */
  code?: string;
  detail: JournalEntry["detail"];
}

/** One protocol of the port. */
export interface ServiceHandler {
  describe(incoming: IncomingRequest): RequestDescription;
  /** Answers a request; refusals are outcomes too. @throws ClientGone */
  handle(incoming: IncomingRequest): Promise<Outcome>;
}
