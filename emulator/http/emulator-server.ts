import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../clock";
import type { FaultInjector } from "../faults/fault-injector";
import { isRpc, newRequestId } from "../rpc/rpc-handler";
import type { Journal } from "../world";
import { ADMIN_PREFIX, type AdminHandler } from "./admin-handler";
import { badMessage, badPacket, journalBadRequest, sendBadRequest } from "./bad-request";
import { answerExchange } from "./exchange";
import { httpSyntaxError } from "./http-syntax";
import type { IncomingRequest } from "./incoming-request";
import { requestBody } from "./request-body";
import { parseRequestTarget } from "./request-target";
import { sendReply } from "./send-reply";
import type { ServiceHandler } from "./service-handler";

/** How long an idle connection stays open. With Node's default of 5 s, ali-oss fails with "socket hang up". */
const KEEP_ALIVE_MS = 75_000;
/** RPC calls send all parameters in the request line. */
const MAX_HEADER_BYTES = 64 << 10;

export interface ServerParts {
  clock: Clock;
  journal: Journal;
  faults: FaultInjector;
  /** The number of the last request before the start. */
  lastRequest: number;
  oss: ServiceHandler;
  rpc: ServiceHandler;
  admin: AdminHandler;
}

/** The HTTP server of all services: numbers the requests and dispatches them to their service. */
export class EmulatorServer {
  private readonly server: Server;
  private readonly closing = new AbortController();
  private readonly activeRequests = new Set<Promise<void>>();
  /** The reply in progress on each connection. */
  private readonly responses = new WeakMap<Socket, ServerResponse>();
  private lastRequest: number;

  constructor(private readonly parts: ServerParts) {
    this.lastRequest = parts.lastRequest;
    const answer = (message: IncomingMessage, response: ServerResponse) => {
      this.responses.set(message.socket, response);
      this.track(this.serve(message, response), message.socket);
    };
    // A request that node:http answered itself would be missing in the journal and would not get the service's answer.
    this.server = createServer(
      { maxHeaderSize: MAX_HEADER_BYTES, insecureHTTPParser: true, requireHostHeader: false },
      answer,
    );
    this.server.maxHeadersCount = 0; // the default limit drops the headers above it
    this.server.on("checkExpectation", answer); // ignored like Expect headers that a proxy does not know
    this.server.on("connect", (_message, socket: Socket) =>
      this.refusePacket(socket, "CONNECT is not supported.", "CONNECT / "),
    );
    this.server.on("clientError", (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
      if (error.rawPacket === undefined || !socket.writable) socket.destroy();
      else this.refusePacket(socket, error.message, error.rawPacket.toString("latin1"));
    });
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.headersTimeout = KEEP_ALIVE_MS + 1000;
    this.server.requestTimeout = 0; // slow part uploads must not time out
  }

  /** Listens on 127.0.0.1 and returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", () => resolve());
    });
    return (this.server.address() as AddressInfo).port; // a TCP server has an AddressInfo
  }

  /** Resolves when no request is active, including requests whose client has disconnected. */
  async idle(): Promise<void> {
    while (this.activeRequests.size > 0) await Promise.all(this.activeRequests);
  }

  /** Closes all connections; resolves when no request is active. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.closing.abort();
    this.server.closeAllConnections();
    await closed;
    await this.idle();
  }

  private track(work: Promise<void>, socket: Socket): void {
    const tracked = work
      .catch((error: unknown) => {
        if (!this.closing.signal.aborted) process.stderr.write(`emulator: ${describe(error)}\n`);
        socket.destroy();
      })
      .finally(() => this.activeRequests.delete(tracked));
    this.activeRequests.add(tracked);
  }

  /** Answers what node:http cannot parse: the head of a request, or the chunks of a body that a service is reading. */
  private refusePacket(socket: Socket, reason: string, packet: string): void {
    const { clock, journal } = this.parts;
    const response = this.responses.get(socket);
    if (response === undefined || response.writableEnded) {
      const request = badPacket(socket, packet, reason);
      journalBadRequest(request, ++this.lastRequest, journal);
      this.track(sendBadRequest(request, clock), socket);
      return;
    }
    response.shouldKeepAlive = false;
    response.once("finish", () => response.req.destroy()); // ends the service's read; the exchange is journaled then
    this.track(sendBadRequest(badMessage(response.req, response, reason), clock), socket);
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined); // reading or writing the body detects a disconnected client
    const { clock, faults, journal } = this.parts;
    const method = message.method ?? "GET";
    const rawTarget = message.url ?? "/";
    if (rawTarget.startsWith(ADMIN_PREFIX)) {
      const reply = await this.parts.admin(method, rawTarget, requestBody(message));
      await sendReply(response, reply, { method, requestId: "", headers: {}, nowMs: clock.now() });
      return;
    }
    const number = ++this.lastRequest;
    const syntaxError = httpSyntaxError(message);
    const incoming = syntaxError === undefined ? readIncoming(message, number, clock.now()) : undefined;
    if (incoming === undefined) {
      message.resume();
      const request = badMessage(message, response, syntaxError ?? "The target is not percent-encoded UTF-8.");
      journalBadRequest(request, number, journal);
      await sendBadRequest(request, clock);
      return;
    }
    const rpc = isRpc(incoming);
    const handler = rpc ? this.parts.rpc : this.parts.oss;
    const traits = handler.describe(incoming);
    const faultTraits = { request: number, method, ...traits };
    const effects = faults.draw(faultTraits);
    const exchange = {
      ...{ message, response, incoming, handler, traits, rpc },
      requestId: newRequestId(rpc),
      beforeReset: () => faults.beforeReset(faultTraits),
    };
    await answerExchange(exchange, effects, journal, this.closing.signal);
  }
}

function readIncoming(message: IncomingMessage, number: number, nowMs: number): IncomingRequest | undefined {
  const rawTarget = message.url ?? "/";
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
    nowMs,
    body: requestBody(message),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
