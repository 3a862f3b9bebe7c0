import type { IncomingMessage } from "node:http";
import { ClientGone } from "./incoming-request";

/**
 * Streams the body of a request. If the reader stops early, the connection stays open.
 *
 * @param cutAfterBytes simulates a broken connection after this many bytes, for fault rules
 * @throws ClientGone when the connection ends before the body does
 */
export async function* requestBody(message: IncomingMessage, cutAfterBytes?: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      seen += chunk.length;
      if (cutAfterBytes !== undefined && seen >= cutAfterBytes) throw new ClientGone();
      yield chunk;
    }
  } catch (error) {
    if (message.destroyed || message.errored !== null) throw new ClientGone();
    throw error;
  }
  if (!message.complete || cutAfterBytes !== undefined) throw new ClientGone();
}
