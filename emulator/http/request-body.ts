import type { IncomingMessage } from "node:http";
import { ClientGone } from "./incoming";

/**
 * The body of a request as it arrives.
 *
 * @param cutAfterBytes lets the connection "break" there: what a fault rule's cut during the body looks like to the reader
 * @throws ClientGone when the connection ends before the body does
 */
export async function* requestBody(message: IncomingMessage, cutAfterBytes?: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  try {
    for await (const chunk of message) {
      seen += chunk.length;
      if (cutAfterBytes !== undefined && seen >= cutAfterBytes) throw new ClientGone();
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ClientGone || message.destroyed ? new ClientGone() : error;
  }
  if (!message.complete || cutAfterBytes !== undefined) throw new ClientGone();
}
