import * as http from "node:http";
import * as https from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

const IDLE_CONNECTIONS = 16;
const agents = new Map<string, http.Agent>();

/**
 * The agent that reaches `url`, by way of the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
 * `NO_PROXY`, in either case). One for the whole process and each way, so that connections are used again by the next part,
 * whichever store sends it. It sets no limit of its own: the transfer budget does.
 */
export function agentFor(url: string): http.Agent {
  const proxy = getProxyForUrl(url);
  const overTls = url.startsWith("https:");
  const way = `${overTls ? "https" : "http"} ${proxy}`;
  let agent = agents.get(way);
  if (agent === undefined) {
    agent = newAgent(proxy, overTls);
    agents.set(way, agent);
  }
  return agent;
}

function newAgent(proxy: string, overTls: boolean): http.Agent {
  const options = { keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS, scheduling: "lifo" as const };
  if (proxy !== "") return overTls ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options);
  return overTls ? new https.Agent(options) : new http.Agent(options);
}
