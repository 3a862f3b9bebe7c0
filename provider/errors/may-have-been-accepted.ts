import type { MigrationError } from "./migration-error";

/** Faults after which nobody knows whether the service has carried the call out. */
export const mayHaveBeenAccepted = (error: MigrationError): boolean =>
  ["NO_ANSWER", "ANSWER_UNREADABLE", "NETWORK_FAILED", "SERVICE_FAULT"].includes(error.code);
