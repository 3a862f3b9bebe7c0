import * as http from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";
import type { HttpProxy } from "./proxy";
import { NetworkFault, PROXY_BUSY, PROXY_REFUSED, PROXY_WANTS_USER, TimeoutFault } from "./transport";

/** What a request passes to the agent: Node's options, and how long a tunnel may take to open. */
export interface TunnelOptions extends https.RequestOptions {
  connectTimeoutMs: number;
  socket?: Duplex;
}

type Connected = (error: Error | null, stream?: Duplex) => void;
/** `createConnection` is documented and may answer later, through its callback; its types say neither. */
type Connecting = { createConnection(options: TunnelOptions, done: Connected): Duplex | undefined };

/** Opens TLS connections inside a proxy's tunnel (CONNECT). */
export class TunnelAgent extends https.Agent {
  constructor(
    private readonly proxy: HttpProxy,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: TunnelOptions, done: Connected): undefined {
    openTunnel(this.proxy, options, (error, socket) => {
      if (socket === undefined) return done(error);
      const base = https.Agent.prototype as unknown as Connecting;
      const servername = options.servername ?? options.host ?? undefined;
      done(null, base.createConnection.call(this, { ...options, servername, socket }, done));
    });
  }
}

function openTunnel(proxy: HttpProxy, { host, port, connectTimeoutMs }: TunnelOptions, done: Connected): void {
  const target = `${host?.includes(":") ? `[${host}]` : host}:${port}`;
  const { protocol, hostname, authorization } = proxy;
  const request = (protocol === "https:" ? https : http).request({
    ...{ host: hostname, port: proxy.port, method: "CONNECT", path: target, agent: false },
    headers: { host: target, ...(authorization === undefined ? {} : { "proxy-authorization": authorization }) },
  });
  let isOver = false;
  const end = (error: Error | null, socket?: Duplex): void => {
    clearTimeout(timer);
    if (!isOver) done(error, socket);
    isOver = true;
  };
  const fault = () => new TimeoutFault(`no tunnel within ${connectTimeoutMs} ms`, proxy.label);
  // The exchange has a timer of its own; this one closes the connection to a proxy that never answers.
  const timer = setTimeout(() => request.destroy(fault()), connectTimeoutMs);
  request.on("error", (error) => end(error));
  request.on("connect", (reply, socket) => {
    const { statusCode = 0, statusMessage } = reply;
    if (statusCode >= 200 && statusCode < 300) return end(null, socket);
    socket.on("error", () => undefined).destroy();
    end(new NetworkFault(codeOf(statusCode), `${proxy.label} answered ${statusCode} ${statusMessage} to CONNECT`));
  });
  request.end();
}

const codeOf = (status: number): string => {
  if (status === 407) return PROXY_WANTS_USER;
  return status >= 500 || status === 408 || status === 429 ? PROXY_BUSY : PROXY_REFUSED;
};
