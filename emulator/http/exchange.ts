import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultEffect } from "../faults/fault-rule";
import type { Journal, JournalEntry } from "../world";
import { ClientGone, type IncomingRequest } from "./incoming-request";
import { injectedRefusal, PROXY_PAGE } from "./injected-reply";
import type { Reply } from "./reply";
import { requestBody } from "./request-body";
import { resetConnection } from "./reset-connection";
import { commonHeaders, type SendOptions, sendReply } from "./send-reply";
import { BAD_REQUEST } from "./service-error";
import type { RequestDescription, ServiceHandler } from "./service-handler";

/** One request and the means to reply to it. */
export interface Exchange {
  message: IncomingMessage;
  response: ServerResponse;
  incoming: IncomingRequest;
  handler: ServiceHandler;
  traits: RequestDescription;
  rpc: boolean;
  requestId: string;
  /** Awaited before a fault rule resets the connection. */
  beforeReset: () => Promise<void>;
}

type JournalFields = Pick<JournalEntry, "action" | "status" | "code" | "detail" | "service">;

/** Answers a request with the given fault effects, and records it in the journal before the reply is sent. */
export async function answerExchange(
  exchange: Exchange,
  effects: readonly FaultEffect[],
  journal: Journal,
  closing: AbortSignal,
): Promise<void> {
  const { message, response, incoming, handler } = exchange;
  const { service, action } = exchange.traits;
  const fault = effects.length === 0 ? undefined : effects.map(({ kind }) => kind).join("+");
  const record = (fields: Partial<JournalFields>) =>
    journal.record({ request: incoming.number, service, action, ...fields, detail: { ...fields.detail, fault } });

  const refusal = await applyFaultsBefore(exchange, effects, closing);
  const sending: SendOptions = {
    method: incoming.method,
    requestId: exchange.requestId,
    nowMs: incoming.nowMs,
    headers: { ...commonHeaders(exchange), ...(lacksBody(incoming.method, message) ? { Connection: "close" } : {}) },
  };
  if (refusal === "cut") {
    record({});
    await exchange.beforeReset();
    resetConnection(message.socket);
    return;
  }
  if (refusal !== undefined) {
    record({ status: refusal.reply.status, code: refusal.code });
    message.resume(); // the client may still be sending
    await sendReply(response, refusal.reply, sending);
    return;
  }
  try {
    const { reply, ...fields } = await handler.handle(incoming);
    record({ ...fields, status: reply.status });
    message.resume();
    await applyFaultsAfter(exchange, effects, reply, sending, closing);
  } catch (error) {
    if (!(error instanceof ClientGone)) throw error;
    // A reply is already sent when the body is not valid HTTP.
    record(response.headersSent ? BAD_REQUEST : { code: "ClientGone" });
    if (effects.some(({ kind }) => kind === "reset")) await exchange.beforeReset();
    resetConnection(message.socket);
  }
}

/**
 * Applies the faults that precede the service. Returns what replaces its reply; undefined when the service handles the
 * request.
 */
async function applyFaultsBefore(
  { message, incoming, rpc }: Exchange,
  effects: readonly FaultEffect[],
  closing: AbortSignal,
): Promise<"cut" | { reply: Reply; code?: string } | undefined> {
  for (const effect of effects) {
    if (effect.kind === "clock") incoming.nowMs += effect.offsetMs;
    if (effect.kind === "delay" && effect.at === "before") await sleep(effect.ms, undefined, { signal: closing });
    if (effect.kind === "reset" && effect.at === "before") return "cut";
    if (effect.kind === "reset" && effect.at === "during" && hasBody(message)) {
      incoming.body = requestBody(message, halfRequestBytes(message));
    }
    if (effect.kind === "refuse") return { reply: injectedRefusal(effect, rpc), code: effect.code };
    if (effect.kind === "html" && !effect.afterwards) return { reply: { ...PROXY_PAGE, status: effect.status } };
  }
  return undefined;
}

/** Sends the reply, changed by the faults that follow the service. */
async function applyFaultsAfter(
  { message, response, beforeReset }: Exchange,
  effects: readonly FaultEffect[],
  reply: Reply,
  sending: SendOptions,
  closing: AbortSignal,
): Promise<void> {
  let sentReply = reply;
  const options = { ...sending };
  for (const effect of effects) {
    if (effect.kind === "delay" && effect.at === "after") await sleep(effect.ms, undefined, { signal: closing });
    if (effect.kind === "reset" && effect.at === "after") {
      await beforeReset();
      resetConnection(message.socket);
      return;
    }
    if (effect.kind === "reset" && effect.at === "during") {
      options.truncateAfterBytes = halfReplyBytes(reply);
      options.beforeTruncation = beforeReset;
    }
    if (effect.kind === "truncate") options.truncateAfterBytes = effect.bytes;
    if (effect.kind === "body" && reply.status === 200) sentReply = { ...sentReply, body: effect.text };
    if (effect.kind === "corrupt") options.corruptAtByte = effect.atByte;
    if (effect.kind === "headers") options.headers = { ...options.headers, ...effect.set };
    if (effect.kind === "html" && effect.afterwards) sentReply = { ...PROXY_PAGE, status: effect.status };
  }
  await sendReply(response, sentReply, options);
}

function hasBody(message: IncomingMessage): boolean {
  return Number(message.headers["content-length"] ?? 0) > 0 || message.headers["transfer-encoding"] !== undefined;
}

/**
 * Whether a GET or HEAD announces a body that it does not send, as test_sign_v4_additional_headers of oss2 2.19.1 does.
 * The connection then cannot be used again: its next request would be read as the body.
 */
function lacksBody(method: string, message: IncomingMessage): boolean {
  return (method === "GET" || method === "HEAD") && hasBody(message) && !message.complete;
}

/** Half of the request body, in bytes; 1 when the length is unknown. */
function halfRequestBytes(message: IncomingMessage): number {
  return Math.max(Math.floor(Number(message.headers["content-length"] ?? 0) / 2), 1);
}

function halfReplyBytes({ body }: Reply): number {
  if (typeof body === "object") return Math.floor(body.sizeBytes / 2);
  return Math.floor((typeof body === "function" ? body("") : (body ?? "")).length / 2);
}
