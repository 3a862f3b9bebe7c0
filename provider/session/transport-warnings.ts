import type { Settings } from "../aliyun/settings";
import { entryOf, type Log } from "../model/log";

/** Warns of settings of the user's that leave requests unprotected, each once a run. */
export interface TransportWarnings {
  /** @param place the argument or variable that names the endpoint */
  warnOfEndpoint(place: string, url: string): void;
}

export function openTransportWarnings(settings: Settings, log: Log): TransportWarnings {
  const logged = new Set<string>();
  const warn = (text: string): void => {
    if (!logged.has(text)) log.write(entryOf("warning", undefined, text));
    logged.add(text);
  };
  return {
    warnOfEndpoint(place, url) {
      if (settings.env("NODE_TLS_REJECT_UNAUTHORIZED") === "0") warn(UNVERIFIED);
      if (!URL.canParse(url)) return;
      const { protocol, hostname, host } = new URL(url);
      if (protocol === "http:" && !isLoopback(hostname)) warn(clearText(place, host));
    },
  };
}

const UNVERIFIED =
  "NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the verification of TLS certificates.\n" +
  "Anybody on the network path can read and change the requests. Unset it; a company's own root certificate goes into NODE_EXTRA_CA_CERTS.";

const clearText = (place: string, host: string): string =>
  `[${place}] http:// sends signed requests to ${host} in clear text.\n` +
  "Anybody on the network path can read the backup and repeat the requests. Use https://.";

const isLoopback = (hostname: string): boolean =>
  /^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/.test(hostname.toLowerCase());
