import { type CatalogueEntry, entry } from "./catalogue-entry";

/** What a service answered, in its own words. */
export interface ServiceAnswer {
  operation?: string;
  code?: string;
  message?: string;
  status?: number;
  requestId?: string;
}

/** A call that a service refused: its subject and the service's own words. */
export interface ServiceFault {
  operation: string;
  /** What the call was about, as a user knows it: a database, an instance, a bucket. */
  subject?: string;
  /** What a RAM policy calls it: `acs:rds:*:*:dbinstance/rm-…`. */
  resource?: string;
  answer: ServiceAnswer;
}

/** `CreateMigrateTask (database erp) was refused: InvalidDBName "…" (HTTP 403, RequestId …).` */
export function serviceSaid({ operation, subject, answer }: ServiceFault): string {
  const place = [
    answer.status === undefined ? undefined : `HTTP ${answer.status}`,
    answer.requestId === undefined ? undefined : `RequestId ${answer.requestId}`,
  ].filter((part) => part !== undefined);
  const words = answer.message === undefined ? "" : ` "${answer.message}"`;
  const where = place.length === 0 ? "" : ` (${place.join(", ")})`;
  const about = subject === undefined ? "" : ` (${subject})`;
  return `${operation}${about} was refused: ${answer.code ?? "no code"}${words}${where}.`;
}

/** What an entry for a service's codes adds to the service's own words. */
interface Refusal extends Omit<CatalogueEntry<ServiceFault>, "summary" | "details" | "match"> {
  codes?: readonly string[];
  /** A sentence on the cause, after the service's words. */
  cause?: string;
}

/** An entry for codes of a service. `fact` is the first line: of a text, with the call's subject in parentheses. */
export const refusal = (
  fact: string | ((fault: ServiceFault) => string),
  { codes, cause, ...advice }: Refusal,
): CatalogueEntry<ServiceFault> =>
  entry<ServiceFault>({
    summary: (fault) => (typeof fact === "string" ? `${fact} (${fault.subject ?? fault.operation}).` : fact(fault)),
    details: (fault) => [serviceSaid(fault), ...(cause === undefined ? [] : [cause])],
    ...(codes === undefined ? {} : { match: { openApi: codes } }),
    ...advice,
  });
