import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A reply of the service, or a broken reply that replaces it. */
export interface Reply {
  status: number;
  contentType: string;
  body: Buffer;
}
export type Mutation = (reply: Reply) => Reply;

/**
 * A proxy between the clients and the emulator that breaks replies. The emulator replies as documented; these tests cover all
 * other replies.
 */
export class MutatingRelay {
  target = "";
  /** Number of replies since {@link mutate}. */
  replies = 0;
  private strikes: ReadonlyMap<number, Mutation> = new Map();
  private readonly server = http.createServer((request, response) => this.pass(request, response));

  static async open(): Promise<MutatingRelay> {
    const relay = new MutatingRelay();
    await new Promise<void>((resolve) => relay.server.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the mutations of the next replies, by reply number from 1. */
  mutate(strikes: ReadonlyMap<number, Mutation>): void {
    this.replies = 0;
    this.strikes = strikes;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, headers, url } = request;
    const onward = http.request(new URL(url ?? "/", this.target), { method, headers, setHost: false }, (reply) => {
      const pieces: Buffer[] = [];
      reply.on("data", (piece: Buffer) => pieces.push(piece));
      reply.on("end", () => this.answer(reply, Buffer.concat(pieces), method === "HEAD", response));
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }

  private answer(reply: http.IncomingMessage, body: Buffer, isHead: boolean, response: http.ServerResponse): void {
    const mutation = this.strikes.get(++this.replies);
    const { statusCode: status = 0, headers } = reply;
    if (mutation === undefined) {
      response.writeHead(status, headers).end(body);
      return;
    }
    const broken = mutation({ status, contentType: headers["content-type"] ?? "", body });
    const { "content-length": length, ...rest } = headers;
    const size = isHead ? length : String(broken.body.length);
    response.writeHead(broken.status, {
      ...rest,
      ...(size === undefined ? {} : { "content-length": size }),
      ...(broken.contentType === "" ? {} : { "content-type": broken.contentType }),
    });
    response.end(isHead ? undefined : broken.body);
  }
}
