import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** What the proxy does instead of opening a tunnel. */
export type TunnelFault = { status: number } | "close" | "silence";

/** A forward proxy for plain HTTP and for tunnels. */
export interface ConnectProxy {
  port: number;
  /** Each request: `CONNECT host:port`, or the method and the absolute URL. */
  asked: string[];
  /** The `Proxy-Authorization` of each request. */
  authorizations: (string | undefined)[];
  /** Applied to the next requests, one each. */
  faults: TunnelFault[];
  /** Connections that are open. */
  open(): number;
  close(): Promise<void>;
}

/** @param upstreamPort the port on this machine where all tunnels end, whatever host was asked for */
export async function startConnectProxy(upstreamPort?: number): Promise<ConnectProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const faults: TunnelFault[] = [];
  const sockets = new Set<Socket>();
  const note = ({ method, url, headers }: IncomingMessage): TunnelFault | undefined => {
    asked.push(`${method} ${url}`);
    authorizations.push(headers["proxy-authorization"]);
    return faults.shift();
  };
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const fault = note(incoming);
    if (fault === "close") return void incoming.socket.destroy();
    if (fault === "silence") return;
    if (fault !== undefined) return void outgoing.writeHead(fault.status).end("<html>a proxy's page</html>");
    const { "proxy-authorization": _, ...headers } = incoming.headers;
    const onward = forward(incoming.url ?? "", { method: incoming.method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("connect", (incoming, socket) => {
    const fault = note(incoming);
    if (fault === "silence") return void socket.resume().on("end", () => socket.destroy());
    if (fault === "close") return void socket.destroy();
    if (fault !== undefined) return void socket.end(`HTTP/1.1 ${fault.status} No\r\nContent-Length: 0\r\n\r\n`);
    const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(incoming.url ?? "") ?? [];
    const onward =
      upstreamPort === undefined
        ? connect({ host, port: Number(port) })
        : connect({ host: "127.0.0.1", port: upstreamPort });
    onward.on("connect", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    asked,
    authorizations,
    faults,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
