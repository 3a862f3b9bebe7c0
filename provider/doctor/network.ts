import { catalogue } from "../errors/catalogue";
import { counted } from "../errors/message-text";
import type { MigrationError } from "../errors/migration-error";
import { errorLine, line, messageLine, type ReportLine } from "./report-line";

/** The answer of a host to an unsigned request. */
export type Contact =
  | { kind: "answered"; serverMs: number | undefined; sentMs: number; receivedMs: number }
  | { kind: "failed"; error: MigrationError };

/** A host that migrations call, and how this machine reaches it. */
export interface ServiceContact {
  /** `OSS`, `RDS`, `RAM`, `STS`. */
  service: string;
  url: string;
  /** The proxy of the request; undefined for none. */
  proxy: string | undefined;
  contact: Contact;
  /** Migrations go on without this service: its failure is a warning. */
  isOptional: boolean;
  /** The warning that the endpoint is not encrypted. */
  clearText: string | undefined;
}

export const checkProxy = ({ service, url, proxy }: Pick<ServiceContact, "service" | "url" | "proxy">): ReportLine =>
  line(
    `proxy ${service}`,
    "ok",
    proxy === undefined ? `none for ${new URL(url).host}` : `${new URL(url).host}: ${proxy}`,
  );

/** Whether the host answers. A connection that only TLS ends is {@link checkTls}'s. */
export function checkEndpoint({ service, url, contact, isOptional }: ServiceContact): ReportLine {
  const check = `endpoint ${service}`;
  if (contact.kind === "answered") return line(check, "ok", `${url} answers`);
  if (contact.error.code === "TLS_FAILED") return line(check, "ok", `${url} accepts connections`);
  return errorLine(check, contact.error, isOptional ? "warning" : "failed");
}

export function checkTls({ service, url, contact, isOptional, clearText }: ServiceContact): ReportLine {
  const check = `TLS ${service}`;
  if (clearText !== undefined) return messageLine(check, "warning", clearText);
  if (contact.kind === "failed") return errorLine(check, contact.error, isOptional ? "warning" : "failed");
  return line(
    check,
    "ok",
    url.startsWith("http:") ? "none: the endpoint is on this machine" : "the certificate is trusted",
  );
}

/** Whether the host was reached and only TLS failed. */
export const isTlsFailure = (contact: Contact): boolean =>
  contact.kind === "failed" && contact.error.code === "TLS_FAILED";

/** Requests are refused when the clocks differ by more. @see OSS RequestTimeTooSkewed; OpenAPI InvalidTimeStamp.Expired */
const REFUSED_SKEW_MS = 15 * 60_000;
/** A smaller difference may come from the network and from times in whole seconds. */
const USUAL_SKEW_MS = 60_000;

/** The clock of this machine against the service's, which is taken to have answered in the middle of the exchange. */
export function checkClock(service: string, contact: Contact): ReportLine {
  const check = `clock ${service}`;
  if (contact.kind === "failed" || contact.serverMs === undefined)
    return line(check, "notTried", "because the answer has no time");
  const skewMs = (contact.sentMs + contact.receivedMs) / 2 - contact.serverMs;
  const size = Math.abs(skewMs);
  if (size <= USUAL_SKEW_MS) return line(check, "ok", "differs by less than a minute");
  const isRefused = size > REFUSED_SKEW_MS;
  const side = skewMs > 0 ? "ahead of" : "behind";
  const limit = `Signed requests are refused when the clocks differ by ${minutes(REFUSED_SKEW_MS)}.`;
  return line(check, isRefused ? "failed" : "warning", `this machine is about ${minutes(size)} ${side} ${service}`, {
    details: [limit],
    remedy: catalogue.CLOCK_SKEWED.remedy as string,
  });
}

/** Whole minutes, so that the length of the exchange does not show. */
const minutes = (ms: number): string => counted(Math.round(ms / 60_000), "minute");

/** A named endpoint of OSS that the migrations do not use: whether they could. */
export function checkOtherEndpoint(name: "public" | "internal", url: string, contact: Contact): ReportLine {
  const check = `endpoint OSS ${name}`;
  const use = `[endpoint] "${name}"`;
  if (contact.kind === "answered") return line(check, "ok", `${url} answers; ${use} would use it`);
  const why =
    name === "internal" ? "only machines inside the region's network reach it" : "this machine has no way to it";
  return line(check, "ok", `${url} does not answer: ${why}`, { details: [contact.error.summary] });
}
