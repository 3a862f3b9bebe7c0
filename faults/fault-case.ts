import type { TestCloud } from "./test-cloud";

/** The families of faults. docs/explanation/reliability.md describes each one. */
export const FAMILIES = [
  ...(["F1", "F2", "F3", "F4", "F5", "F6", "F7"] as const),
  ...(["F8", "F9", "F10", "F11", "F12", "F13", "F14"] as const),
  // F15 is the soak.
  ...(["F16", "F17", "F18", "F19"] as const),
] as const;
export type Family = (typeof FAMILIES)[number];

/** One fault at one point of a migration, with the expected outcome. */
export interface FaultCase {
  family: Family;
  /** Describes the fault and where it occurs; unique within the family. */
  name: string;
  /** Resolves when every expectation holds. @throws Error with the broken expectation */
  run(cloud: TestCloud): Promise<void>;
}
