/** When a file was on its way; milliseconds. */
export interface Sent {
  startMs: number;
  /** Infinity: it still runs. */
  endMs: number;
}

/**
 * The seconds of the whole network that each file had, because files that are sent side by side share it equally: its bytes over these
 * seconds are the rate of the network. Infinity for a file that still runs.
 */
export function networkSeconds(files: readonly Sent[]): number[] {
  const events = files.flatMap(({ startMs, endMs }, index) => [
    { atMs: startMs, index, change: 1 },
    { atMs: endMs, index, change: -1 },
  ]);
  events.sort((one, other) => (one.atMs < other.atMs ? -1 : one.atMs > other.atMs ? 1 : 0));
  const seconds = new Array<number>(files.length).fill(0);
  let active = 0;
  let lastMs = events[0]?.atMs ?? 0;
  let shared = 0;
  for (const { atMs, index, change } of events) {
    if (active > 0 && atMs > lastMs) shared += (atMs - lastMs) / 1000 / active;
    lastMs = atMs;
    active += change;
    seconds[index] = change > 0 ? shared : shared - (seconds[index] ?? 0);
  }
  return seconds;
}
