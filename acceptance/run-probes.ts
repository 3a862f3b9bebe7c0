import { type Assumption, probeOf, SPENDS, type Spend } from "./assumption";
import type { Connection } from "./connect";
import type { RecordedReply } from "./recording";
import type { Seen } from "./seen";

/** One assumption and what the service did. */
export interface Result extends Seen {
  id: string;
  assumed: string;
  /** The replies that the probe got, without secrets. */
  replies: RecordedReply[];
}

/**
 * Asks the service about every assumption whose probe costs at most `spend`. A probe that fails has seen nothing: its result has
 * no `agrees` and says why.
 */
export async function runProbes(
  assumptions: readonly Assumption[],
  { live, replies }: Connection,
  spend: Spend,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const assumption of assumptions) {
    const probe = probeOf(assumption);
    if (probe === undefined || SPENDS.indexOf(probe.spend) > SPENDS.indexOf(spend)) continue;
    const first = replies.length;
    const seen = await probe
      .run(live)
      .catch((error: unknown): Seen => ({ seen: `not seen: ${error instanceof Error ? error.message : error}` }));
    const { id, assumed } = assumption;
    results.push({ id, assumed, ...seen, replies: replies.slice(first) });
  }
  return results;
}
