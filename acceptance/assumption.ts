import type { AnswerOverride } from "../emulator/profile";
import type { Live } from "./live";
import type { Seen } from "./seen";

/** What a probe costs. `none`: requests that only read. `small`: objects of some bytes. `tasks`: calls of the day's quota. */
export const SPENDS = ["none", "small", "tasks"] as const;
export type Spend = (typeof SPENDS)[number];

export interface Probe {
  spend: Spend;
  /** What it costs, for the one who pays: `2 requests`. */
  cost: string;
  run(live: Live): Promise<Seen>;
}

/** A statement about the live service on which the code or the emulator rests. */
export interface Assumption {
  /** Stable: `acceptance.json` and docs/reference/limits.md name it. */
  id: string;
  /** The statement, as one sentence. */
  assumed: string;
  /** Where it comes from: `the API's page`, `inferred`, `two pages contradict each other`. */
  basis: string;
  /** What the code does so that nothing is lost where the statement is false. */
  otherwise: string;
  /** How the live service is asked, or why it is not. */
  probe: Probe | { noProbe: string };
  /** Makes the emulator answer otherwise; absent where no probe asks. */
  overrides?: AnswerOverride[];
}

/** The probe of an assumption; undefined where the live service is not asked. */
export const probeOf = ({ probe }: Assumption): Probe | undefined => ("run" in probe ? probe : undefined);
