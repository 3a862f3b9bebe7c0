import { line, type ReportLine } from "./report-line";

/** Where keys were found. */
export interface FoundCredentials {
  place: string;
  /** Why the places before it have none. */
  reasons: readonly string[];
  /** The role that is assumed with them. */
  roleArn: string | undefined;
  /** Milliseconds since the epoch; undefined for static keys. */
  expiresAtMs: number | undefined;
}

export function checkCredentials({ place, reasons, roleArn, expiresAtMs }: FoundCredentials): ReportLine {
  const role = roleArn === undefined ? "" : `, with the role ${roleArn}`;
  const end = expiresAtMs === undefined ? "" : `, valid until ${new Date(expiresAtMs).toISOString().slice(0, 16)}Z`;
  return line("credentials", "ok", `from ${place}${role}${end}`, {
    details: reasons.map((reason) => `not from ${reason}`),
  });
}

export const checkIdentity = ({ accountId, arn }: { accountId: string; arn: string }): ReportLine =>
  line("identity", "ok", `${arn} of the account ${accountId}`);
