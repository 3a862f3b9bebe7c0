import { type CatalogueEntry, entry } from "./catalogue-entry";
import type { ServiceAnswer } from "./migration-error";

/** A refusal by a service: what was asked, for what, and the service's own words. */
export interface ServiceFault {
  operation: string;
  /** What it was asked for, as a user knows it: a database, an instance, a bucket. */
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

/** An entry for codes of a service: its own words first, then the cause in ours. */
export const refusal = (
  cause: string,
  { codes, ...advice }: Omit<CatalogueEntry<ServiceFault>, "message" | "match"> & { codes?: readonly string[] },
): CatalogueEntry<ServiceFault> =>
  entry<ServiceFault>({
    message: (fault) => `${serviceSaid(fault)} ${cause}`,
    ...(codes === undefined ? {} : { match: { openApi: codes } }),
    ...advice,
  });
