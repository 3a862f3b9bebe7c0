import type { TestCloud } from "./test-cloud";

/** The families of faults: what a migration meets in the field. docs/reliability.md says what each one is. */
export const FAMILIES = [
  ...(["F1", "F2", "F3", "F4", "F5", "F6", "F7"] as const),
  ...(["F8", "F9", "F10", "F11", "F12", "F13", "F14"] as const),
] as const;
export type Family = (typeof FAMILIES)[number];

/** One fault at one place, and what has to come of it. */
export interface FaultCase {
  family: Family;
  /** Says what happens and where; no other case of the family has it. */
  name: string;
  /** Resolves when everything held. @throws what did not */
  run(cloud: TestCloud): Promise<void>;
}
