import type { Live } from "./live";

/** What a probe costs. `none`: requests that only read. `small`: objects of some bytes. `tasks`: calls of the day's quota. */
export const SPENDS = ["none", "small", "tasks"] as const;
export type Spend = (typeof SPENDS)[number];

/** What a probe found out. */
export interface Seen {
  /** The answer in words, for the table. */
  seen: string;
  /** Whether the service does what is assumed; absent where this instance or account cannot show it. */
  agrees?: boolean;
}

export interface Probe {
  spend: Spend;
  /** What it costs, for the one who pays: `2 requests`. */
  cost: string;
  run(live: Live): Promise<Seen>;
}

/** A request of the emulator's administration that makes it answer otherwise than assumed. */
export type Turn = { control: string; argument: Record<string, unknown> } | { fault: Record<string, unknown> };

/** A statement about the live service on which the code or the emulator rests. */
export interface Assumption {
  /** Stable: `acceptance.json` and docs/limits.md name it. */
  id: string;
  /** The statement, as one sentence. */
  assumed: string;
  /** Where it comes from: `the API's page`, `inferred`, `two pages contradict each other`. */
  basis: string;
  /** What the code does so that nothing is lost where the statement is false. */
  otherwise: string;
  /** How the live service is asked, or why it is not. */
  asked: Probe | { not: string };
  /** How an emulator is made that answers otherwise; absent where no probe asks. */
  turned?: (at: { instanceId: string; bucket: string }) => Turn[];
}

/** The probe of an assumption; undefined where the live service is not asked. */
export const probeOf = ({ asked }: Assumption): Probe | undefined => ("run" in asked ? asked : undefined);
