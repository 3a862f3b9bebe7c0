const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * Whether `NO_PROXY` lists the URL's host. An entry is `*`, a host or a domain, with an optional port. A domain counts for
 * itself and its subdomains, with or without `.` or `*.` in front, as in curl.
 */
export function isBypassed(target: URL, noProxy: string): boolean {
  const host = withoutBrackets(target.hostname).replace(/\.$/, "");
  const port = target.port || DEFAULT_PORTS[target.protocol];
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      // An IPv6 address with a port needs brackets, so only one colon, or one behind a bracket, begins a port.
      const [, name = "", entryPort] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [undefined, entry];
      const domain = withoutBrackets(name).replace(/^\*?\.|\.$/g, "");
      if (domain === "" || (entryPort !== undefined && entryPort !== port)) return false;
      return host === domain || host.endsWith(`.${domain}`);
    });
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, "");
