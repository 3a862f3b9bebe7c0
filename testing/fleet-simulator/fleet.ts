import { normal, seededRandom } from "../../provider/forecast/random";

/** A fleet as nobody knows it beforehand: its sizes, and how the network and the instance behave. */
export interface Fleet {
  databases: { database: string; backupBytes: number; restoredBytes: number }[];
  /** Bytes a second of each machine, before it wavers. */
  uploadBytesPerSecond: number;
  machines: number;
  uploadsAtOnce: number;
  restoresAtOnce: number;
  queueSeconds: number;
  /** Seconds of each database, in the order of the databases. */
  restoreSeconds: number[];
  checkSeconds: number[];
  seed: number;
}

export const FLEETS = {
  light: { databases: 20, medianBytes: 2e9, sigma: 1 },
  medium: { databases: 200, medianBytes: 6e9, sigma: 1.3 },
  heavy: { databases: 500, medianBytes: 5e9, sigma: 1.8 },
} as const;
export type FleetName = keyof typeof FLEETS;

/** RDS takes files of at most 3 TB. */
const LARGEST_BACKUP = 3e12;

/**
 * Draws a fleet. Sizes are log-normal. The true rates are as far from the assumed ones as the forecast says that they may be;
 * restores and checks of single databases differ, and one of a hundred takes three times as long.
 */
export function drawFleet(name: FleetName, seed: number): Fleet {
  const random = seededRandom(seed);
  const lognormal = (middle: number, sigma: number) => middle * Math.exp(normal(random) * sigma);
  const { databases: count, medianBytes, sigma } = FLEETS[name];
  const compression = 0.25 + 0.5 * random();
  const databases = Array.from({ length: count }, (_, index) => {
    const restoredBytes = Math.round(lognormal(medianBytes, sigma));
    const backupBytes = Math.round(Math.min(LARGEST_BACKUP, restoredBytes * lognormal(compression, 0.2)));
    return { database: `db${String(index).padStart(4, "0")}`, backupBytes, restoredBytes };
  });
  const restoreRate = lognormal(50e6, 0.55);
  const checkRate = lognormal(100e6, 0.55);
  const overhead = 40 + 80 * random();
  const stall = () => (random() < 0.01 ? 3 : 1);
  return {
    databases,
    seed,
    machines: 1,
    uploadBytesPerSecond: lognormal(12.5e6, 0.55),
    uploadsAtOnce: 16,
    restoresAtOnce: [1, 2, 2, 4][Math.floor(random() * 4)] ?? 2,
    queueSeconds: 20 + 100 * random(),
    restoreSeconds: databases.map(
      ({ restoredBytes }) => (overhead + restoredBytes / restoreRate) * lognormal(1, 0.25) * stall(),
    ),
    checkSeconds: databases.map(({ restoredBytes }) => (10 + restoredBytes / checkRate) * lognormal(1, 0.2)),
  };
}
