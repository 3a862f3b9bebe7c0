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
  /** Transact-SQL for a query window on the source, one line each. */
  statements?: readonly string[];
  /** What to do beside or instead of the commands. */
  text?: string;
  /** The line that shows success, as the command prints it. */
  expected?: string;
  go: string;
  noGo: string;
  /** When it was done, where a state records it; UTC, ISO 8601. */
  recordedAt?: string;
}

/** How long a step takes on the clock, in whole minutes; milliseconds. */
export const clockMs = ({ seconds }: Step): number =>
  Math.ceil((typeof seconds === "number" ? seconds : seconds.likely) / 60) * 60_000;

/** The same of several steps, one after the other. */
export const totalMs = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + clockMs(step), 0);
