import type { MigrationProgress } from "./outputs";

/** Outputs that only migrations with increments have. */
export const CHAIN_OUTPUTS = [
  "chain",
  "nextLsn",
  "lag",
  "readyForCutover",
  "cutoverObstacles",
] as const satisfies readonly (keyof MigrationProgress)[];
