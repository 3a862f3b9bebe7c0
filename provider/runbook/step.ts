import type { Range } from "../forecast/range";

/** Who does a step. */
export const ROLES = ["DBA", "Engineer", "Applications", "Decision"] as const;
export type Role = (typeof ROLES)[number];

/** One step of a cutover. Texts are Markdown in one line. */
export interface Step {
  title: string;
  who: Role;
  /** How long it takes; seconds. A number is assumed, a range is forecast. */
  seconds: number | Range;
  /** Commands for bash, one a line; empty where the step has none. */
  commands: readonly string[];
  /** What to do beside or instead of the commands. */
  text?: string;
  /** The line that shows success, as the command prints it. */
  expected?: string;
  go: string;
  noGo: string;
  /** When it was done, where a state records it; UTC, ISO 8601. */
  recordedAt?: string;
}

export const likelySeconds = ({ seconds }: Step): number => (typeof seconds === "number" ? seconds : seconds.likely);
