/**
 * How much goes wrong: the share of requests that meet a fault, and how likely a run is killed or has a rival that works on
 * the same databases. Levels in the manner of FoundationDB's MockS3ServerChaos (pull request 12515).
 */
export const LEVELS = {
  light: { faults: 0.01, killed: 0.3, rival: 0.1 },
  medium: { faults: 0.05, killed: 0.6, rival: 0.2 },
  heavy: { faults: 0.15, killed: 0.9, rival: 0.3 },
} as const;
export type Level = keyof typeof LEVELS;
