import { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../clock";
import { isRpc, newRequestId } from "../rpc/rpc-handler";
import type { Journal } from "../world";
import type { QueryPair } from "./request-target";
import { commonHeaders, sendReply } from "./send-reply";
import { BAD_REQUEST, serviceError } from "./service-error";

/** What is known of a request that no service can handle. */
export interface BadRequest {
  method: string;
  /** The request target; undefined when the parser failed after the packet with the request line. */
  target?: string;
  rpc: boolean;
  reason: string;
  response: ServerResponse;
}

/** Records a request that no service can handle. */
export function journalBadRequest(request: BadRequest, number: number, journal: Journal): void {
  const path = request.target?.split("?")[0];
  const service = request.rpc ? "other" : "oss";
  journal.record({ request: number, service, action: "Unknown", ...BAD_REQUEST, detail: { path } });
}

/** Sends the error in the format of the service that the request addresses. */
export async function sendBadRequest({ response, method, rpc, reason }: BadRequest, clock: Clock): Promise<void> {
  response.on("error", () => undefined);
  const requestId = newRequestId(rpc);
  const options = { method, requestId, headers: commonHeaders({ rpc, requestId }), nowMs: clock.now() };
  await sendReply(response, serviceError({ ...BAD_REQUEST, message: reason }, rpc), options);
}

/** Describes a message that node:http parsed. */
export function badMessage(message: IncomingMessage, response: ServerResponse, reason: string): BadRequest {
  const { method = "GET", url: target = "/", headers } = message;
  return { method, target, rpc: isRpc({ headers, query: rawNames(target) }), reason, response };
}

/** Describes a message that node:http cannot parse, from the packet with the fault. The reply closes the connection. */
export function badPacket(socket: Socket, packet: string, reason: string): BadRequest {
  const [, method = "GET", target] = /^([A-Z]+) ([^ \r\n]*)/.exec(packet) ?? [];
  const message = new IncomingMessage(socket);
  message.method = method;
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.destroySoon());
  const headers = /^x-acs-/im.test(packet) ? { "x-acs-action": "" } : {};
  return { method, target, rpc: isRpc({ headers, query: rawNames(target ?? "") }), reason, response };
}

function rawNames(target: string): QueryPair[] {
  const parts = target.split("?")[1]?.split("&") ?? [];
  return parts.map((part) => [part.split("=")[0] ?? "", ""]);
}
