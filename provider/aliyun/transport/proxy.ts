import { migrationError } from "../../errors/migration-error";
import { isBypassed } from "./no-proxy";

/** The proxy of the environment that a request goes through. */
export interface HttpProxy {
  protocol: "http:" | "https:";
  /** Without the brackets of an IPv6 address. */
  hostname: string;
  port: number;
  /** The value of `Proxy-Authorization`; undefined without a user. */
  authorization: string | undefined;
  /** The environment variable that names the proxy. */
  variable: string;
  /** For messages: its address without user and password, and the variable. */
  label: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a URL: `HTTPS_PROXY` or `HTTP_PROXY` by the URL's scheme, else `ALL_PROXY`,
 * unless `NO_PROXY` lists the host. The lower-case name of a variable comes first, as in curl. Undefined for none.
 * @throws PROXY_INVALID for a value that names no HTTP proxy
 */
export function proxyFor(url: string, environment: Environment = process.env): HttpProxy | undefined {
  const target = new URL(url);
  const scheme = target.protocol === "https:" ? "https" : "http";
  const variable = [`${scheme}_proxy`, "all_proxy"]
    .flatMap((name) => [name, name.toUpperCase()])
    .find((name) => environment[name]?.trim());
  if (variable === undefined) return undefined;
  const exceptions = environment.no_proxy || environment.NO_PROXY || "";
  return isBypassed(target, exceptions) ? undefined : readProxy(variable, environment[variable]?.trim() ?? "");
}

function readProxy(variable: string, text: string): HttpProxy {
  const invalid = (fault: string) => migrationError("PROXY_INVALID", { variable, fault });
  const full = text.includes("://") ? text : `http://${text}`;
  if (!URL.canParse(full)) throw invalid("its value is not a URL");
  const { protocol, hostname, port, host, username, password } = new URL(full);
  if (protocol !== "http:" && protocol !== "https:")
    throw invalid(`it names a proxy of the kind ${protocol.replace(":", "")}`);
  let user: string;
  try {
    user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw invalid("a % in its user or password begins no percent-encoded character");
  }
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    authorization: user === ":" ? undefined : `Basic ${Buffer.from(user).toString("base64")}`,
    variable,
    label: `the proxy ${protocol}//${host} of ${variable}`,
  };
}
