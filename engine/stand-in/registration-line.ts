import { deferred } from "./deferred";
import { Stopped } from "./run-errors";
import type { Registered, Settle } from "./step";

/** The program's registrations, one after the other in the order in which they come. */
export class RegistrationLine {
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  readonly #unanswered = new Set<(reason: Error) => void>();

  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** Resolves when `task` or a step of it has called `settle`; rejects when `task` fails, or the line was closed before. */
  add(task: (settle: Settle) => Promise<void>): Promise<Registered> {
    const answer = deferred<Registered>();
    // The line may be closed while nobody waits for the answer yet.
    answer.promise.catch(() => undefined);
    this.#unanswered.add(answer.reject);
    const settle: Settle = (registered) => {
      this.#unanswered.delete(answer.reject);
      answer.resolve(registered);
    };
    this.#last = this.#last.then(async () => {
      try {
        if (this.#closed) throw new Stopped();
        await task(settle);
      } catch (error) {
        answer.reject(error instanceof Error ? error : new Error(String(error)));
        this.onFailure(error);
      }
    });
    return answer.promise;
  }

  /** Whoever still waits gets `Stopped`, and so does whoever comes later. */
  close(): void {
    this.#closed = true;
    for (const reject of this.#unanswered) reject(new Stopped());
    this.#unanswered.clear();
  }

  /** Every task so far has been looked at. */
  idle(): Promise<void> {
    return this.#last;
  }
}
