/**
 * Fault rates of a soak: the share of requests with a fault, and the probabilities that a run is killed and that a concurrent run
 * works on the same databases. Modelled on FoundationDB's MockS3ServerChaos (pull request 12515).
 */
export const LEVELS = {
  light: { faults: 0.01, killed: 0.3, concurrent: 0.1 },
  medium: { faults: 0.05, killed: 0.6, concurrent: 0.2 },
  heavy: { faults: 0.15, killed: 0.9, concurrent: 0.3 },
} as const;
export type Level = keyof typeof LEVELS;
