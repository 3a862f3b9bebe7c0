import type { JournalEntry } from "../world";
import type { Incoming } from "./incoming";
import type { Reply } from "./reply";

/** What became of one request. */
export interface Outcome {
  reply: Reply;
  /** For the journal; RPC fronts override the service. */
  service?: JournalEntry["service"];
  action: string;
  /** The service's error code, for refusals. */
  code?: string;
  detail: JournalEntry["detail"];
}

/** One protocol of the port. */
export interface ServiceFront {
  /** What a request is, before anything about it is verified: what fault rules match. */
  describe(incoming: Incoming): { action: string; params: Record<string, string>; service?: JournalEntry["service"] };
  /** Answers a request; refusals are outcomes too. @throws ClientGone */
  handle(incoming: Incoming): Promise<Outcome>;
}
