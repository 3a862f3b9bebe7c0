import * as http from "node:http";
import * as https from "node:https";
import type { HttpProxy } from "./proxy";
import { TunnelAgent } from "./tunnel-agent";

const OPTIONS = { keepAlive: true, maxFreeSockets: 16, scheduling: "lifo" } as const;
const agents = new Map<string, http.Agent>();

/**
 * The agent that reaches an origin. The process has one agent per proxy and kind of connection, so that the next request
 * uses the connection again, whichever client sends it. An agent sets no limit of its own: the transfer budget does.
 * A plain HTTP request needs no tunnel: its connection goes to the proxy itself.
 */
export function agentFor(overTls: boolean, proxy: HttpProxy | undefined): http.Agent {
  const tunnel = overTls ? proxy : undefined;
  const kind = overTls || proxy?.protocol === "https:" ? "tls" : "plain";
  const key = JSON.stringify([kind, tunnel]);
  let agent = agents.get(key);
  if (agent === undefined) {
    if (tunnel !== undefined) agent = new TunnelAgent(tunnel, OPTIONS);
    else agent = kind === "tls" ? new https.Agent(OPTIONS) : new http.Agent(OPTIONS);
    agents.set(key, agent);
  }
  return agent;
}
