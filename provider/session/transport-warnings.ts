import type { Settings } from "../aliyun/settings";
import { entryOf, type Log } from "../model/log";

/** Warns of settings of the user's that leave requests unprotected, each once a run. */
export interface TransportWarnings {
  /** Warns when the verification of TLS certificates is switched off. */
  warnOfVerification(): void;
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
    warnOfVerification() {
      const text = verificationWarning(settings);
      if (text !== undefined) warn(text);
    },
    warnOfEndpoint(place, url) {
      const text = endpointWarning(place, url);
      if (text !== undefined) warn(text);
    },
  };
}

/** The warning that the verification of TLS certificates is switched off; undefined when it is not. */
export const verificationWarning = ({ env }: Pick<Settings, "env">): string | undefined =>
  env("NODE_TLS_REJECT_UNAUTHORIZED") === "0" ? UNVERIFIED : undefined;

/** The warning that signed requests to an endpoint are readable on the network; undefined when they are not. */
export function endpointWarning(place: string, url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, host } = new URL(url);
  return protocol === "http:" && !isLoopback(hostname) ? clearText(place, host) : undefined;
}

const UNVERIFIED =
  "NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the verification of TLS certificates.\n" +
  "Anybody on the network path can read and change the requests.\nUnset it; a company's own root certificate goes into NODE_EXTRA_CA_CERTS.";

const clearText = (place: string, host: string): string =>
  `[${place}] http:// sends signed requests to ${host} in clear text.\n` +
  "Anybody on the network path can read the backup and repeat the requests.\nUse https://.";

const isLoopback = (hostname: string): boolean =>
  /^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/.test(hostname.toLowerCase());
