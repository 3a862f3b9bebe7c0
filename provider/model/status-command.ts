/** Ends the text of a failed run's error: the command that prints all databases from the state and the service. */
export const STATUS_HINT = "To see all databases at any time: npx --no sqlserver-migration status";

/** A time of this program's clock as ISO 8601 with whole seconds: `2026-11-28T03:12:04Z`. */
export const secondsText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
