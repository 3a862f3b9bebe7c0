import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../clock";
import type { FaultInjector } from "../faults/fault-injector";
import type { FaultEffect } from "../faults/fault-rule";
import { isRpc, newRequestId } from "../rpc/rpc-front";
import type { Journal, JournalEntry } from "../world";
import { ADMIN_PREFIX, type AdminHandler } from "./admin-handler";
import { ClientGone, type Incoming } from "./incoming";
import { injectedRefusal, PROXY_PAGE } from "./injected-reply";
import type { Reply } from "./reply";
import { requestBody } from "./request-body";
import { parseRequestTarget } from "./request-target";
import { sendReply } from "./send-reply";
import type { Outcome, ServiceFront } from "./service-front";

/** Idle clients may keep a connection this long; with Node's 5 s ali-oss sees "socket hang up". */
const KEEP_ALIVE_MS = 75_000;

export interface HttpFrontParts {
  clock: Clock;
  journal: Journal;
  faults: FaultInjector;
  /** Requests are numbered from the next one on. */
  lastRequest: number;
  oss: ServiceFront;
  rpc: ServiceFront;
  admin: AdminHandler;
}

/** The one port: numbers requests, tells the services apart, lets faults strike, keeps the journal. */
export class HttpFront {
  private readonly server: Server;
  private lastRequest: number;

  constructor(private readonly parts: HttpFrontParts) {
    this.lastRequest = parts.lastRequest;
    this.server = createServer((message, response) => {
      this.serve(message, response).catch((error: unknown) => {
        process.stderr.write(`emulator: ${error instanceof Error ? error.stack : String(error)}\n`);
        message.destroy();
      });
    });
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.headersTimeout = KEEP_ALIVE_MS + 1000;
    this.server.requestTimeout = 0; // a slow part is no reason to cut the connection
  }

  /** Listens on 127.0.0.1 and returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => resolve());
    });
    return (this.server.address() as AddressInfo).port; // an AddressInfo: it listens on TCP
  }

  /** Ends at once, open connections included. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined); // a client that went away is seen where it matters
    const rawTarget = message.url ?? "/";
    if (rawTarget.startsWith(ADMIN_PREFIX)) {
      const reply = await this.parts.admin(message.method ?? "GET", rawTarget, requestBody(message));
      await sendReply(response, reply, { ...this.sending(message, ""), nowMs: this.parts.clock.now() });
      return;
    }
    const number = ++this.lastRequest;
    const incoming = this.readRequest(message, rawTarget, number);
    const rpc = incoming !== undefined && isRpc(incoming);
    const requestId = newRequestId(rpc);
    const front = rpc ? this.parts.rpc : this.parts.oss;
    if (incoming === undefined) {
      this.parts.journal.record({
        request: number,
        service: "other",
        action: "Unknown",
        status: 400,
        detail: { target: rawTarget },
      });
      const reply = {
        status: 400,
        headers: { "Content-Type": "text/plain" },
        body: "The request target is not percent-encoded UTF-8.",
      };
      await sendReply(response, reply, { ...this.sending(message, requestId), nowMs: this.parts.clock.now() });
      return;
    }
    const traits = front.describe(incoming);
    const service = traits.service ?? "oss";
    const effects = this.parts.faults.draw({ request: number, method: incoming.method, ...traits, service });
    await this.perform({ message, response, incoming, front, requestId, rpc, service, action: traits.action }, effects);
  }

  private readRequest(message: IncomingMessage, rawTarget: string, number: number): Incoming | undefined {
    const literal = parseRequestTarget(rawTarget, { plusIsSpace: false });
    if (literal === undefined) return undefined;
    const rpc = isRpc({ headers: message.headers, query: literal.query });
    const target = rpc ? parseRequestTarget(rawTarget, { plusIsSpace: true }) : literal;
    if (target === undefined) return undefined;
    return {
      ...target,
      number,
      method: message.method ?? "GET",
      headers: message.headers,
      host: message.headers.host ?? "",
      nowMs: this.parts.clock.now(),
      body: requestBody(message),
    };
  }

  private async perform(exchange: Exchange, effects: readonly FaultEffect[]): Promise<void> {
    const { message, response, incoming, front } = exchange;
    const fault = effects.length === 0 ? undefined : effects.map(({ kind }) => kind).join("+");
    const record = (entry: Pick<JournalEntry, "action" | "status" | "code" | "detail" | "service">) =>
      this.parts.journal.record({ request: incoming.number, ...entry, detail: { ...entry.detail, fault } });
    const sending = {
      ...this.sending(message, exchange.requestId),
      ...this.commonHeaders(exchange),
      nowMs: incoming.nowMs,
    };
    const { service, action } = exchange;

    for (const effect of effects) {
      switch (effect.kind) {
        case "clock":
          incoming.nowMs += effect.offsetMs;
          sending.nowMs = incoming.nowMs;
          break;
        case "delay":
          if (effect.at === "before") await sleep(effect.ms);
          break;
        case "reset":
          if (effect.at === "before") {
            record({ service, action, detail: {} });
            message.destroy();
            return;
          }
          if (effect.at === "during" && hasBody(message)) incoming.body = requestBody(message, halfOf(message));
          break;
        case "refuse": {
          const reply = injectedRefusal(effect, exchange.rpc);
          record({ service, action, status: effect.status, code: effect.code, detail: {} });
          message.resume(); // the client may still be sending
          await sendReply(response, reply, sending);
          return;
        }
        case "html":
          if (!effect.afterwards) {
            record({ service, action, status: effect.status, detail: {} });
            message.resume();
            await sendReply(response, { ...PROXY_PAGE, status: effect.status }, sending);
            return;
          }
          break;
        default:
      }
    }

    let outcome: Outcome;
    try {
      outcome = await front.handle(incoming);
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error;
      record({ service, action, code: "ClientGone", detail: {} });
      message.destroy();
      return;
    }
    record({ ...outcome, service: outcome.service ?? service, status: outcome.reply.status });
    message.resume();
    await this.reply(exchange, outcome.reply, effects, sending);
  }

  private async reply(
    { message, response }: Exchange,
    reply: Reply,
    effects: readonly FaultEffect[],
    sending: Parameters<typeof sendReply>[2],
  ): Promise<void> {
    let shown = reply;
    const options = { ...sending };
    for (const effect of effects) {
      if (effect.kind === "delay" && effect.at === "after") await sleep(effect.ms);
      if (effect.kind === "reset" && effect.at === "after") {
        message.destroy();
        return;
      }
      if (effect.kind === "reset" && effect.at === "during") options.truncateAfterBytes = halfOfReply(reply);
      if (effect.kind === "truncate") options.truncateAfterBytes = effect.bytes;
      if (effect.kind === "corrupt") options.corruptAtByte = effect.atByte;
      if (effect.kind === "headers") options.headers = { ...options.headers, ...effect.set };
      if (effect.kind === "html" && effect.afterwards) shown = { ...PROXY_PAGE, status: effect.status };
    }
    await sendReply(response, shown, options);
  }

  private sending(message: IncomingMessage, requestId: string) {
    return { method: message.method ?? "GET", requestId, headers: {} as Record<string, string> };
  }

  private commonHeaders({ rpc, requestId }: Exchange): { headers: Record<string, string> } {
    return {
      headers: rpc
        ? { "x-acs-request-id": requestId }
        : { Server: "AliyunOSS", "x-oss-request-id": requestId, "x-oss-server-time": "1" },
    };
  }
}

interface Exchange {
  message: IncomingMessage;
  response: ServerResponse;
  incoming: Incoming;
  front: ServiceFront;
  requestId: string;
  rpc: boolean;
  service: JournalEntry["service"];
  action: string;
}

function hasBody(message: IncomingMessage): boolean {
  return Number(message.headers["content-length"] ?? 0) > 0 || message.headers["transfer-encoding"] !== undefined;
}

/** A body of unknown length is cut at its first byte. */
function halfOf(message: IncomingMessage): number {
  return Math.max(Math.floor(Number(message.headers["content-length"] ?? 0) / 2), 1);
}

function halfOfReply({ body }: Reply): number {
  const size =
    typeof body === "function" ? body("").length : typeof body === "object" ? body.sizeBytes : (body ?? "").length;
  return Math.floor(size / 2);
}
