import * as http from "node:http";
import * as https from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

const IDLE_CONNECTIONS = 16;
const agents = new Map<string, http.Agent>();

/**
 * The agent that reaches `url`, through the proxy that the environment names for `routeUrl` (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `ALL_PROXY`, `NO_PROXY`, in either case). The process has one agent per proxy and scheme, so that the next request uses
 * the connection again, whichever client sends it. An agent sets no limit of its own: the transfer budget does.
 */
export function agentFor(url: string, routeUrl = url): http.Agent {
  return sharedAgent(url, getProxyForUrl(routeUrl));
}

/** The agent that reaches `url` without a proxy. */
export const directAgentFor = (url: string): http.Agent => sharedAgent(url, "");

function sharedAgent(url: string, proxy: string): http.Agent {
  const overTls = url.startsWith("https:");
  const key = `${overTls ? "https" : "http"} ${proxy}`;
  let agent = agents.get(key);
  if (agent === undefined) {
    agent = newAgent(proxy, overTls);
    agents.set(key, agent);
  }
  return agent;
}

function newAgent(proxy: string, overTls: boolean): http.Agent {
  const options = { keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS, scheduling: "lifo" as const };
  if (proxy !== "") return overTls ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options);
  return overTls ? new https.Agent(options) : new http.Agent(options);
}
