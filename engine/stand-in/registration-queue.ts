import { deferred } from "./deferred";
import { Stopped } from "./run-errors";
import type { Registered, Reply } from "./step";

/** Processes the program's registrations sequentially in the order of arrival. */
export class RegistrationQueue {
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  readonly #unanswered = new Set<(reason: Error) => void>();

  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** Resolves when `task` or a step of it has called `reply`; rejects when `task` fails, or the queue was closed before. */
  add(task: (reply: Reply) => Promise<void>): Promise<Registered> {
    const answer = deferred<Registered>();
    // The queue may close before anyone awaits this promise.
    answer.promise.catch(() => undefined);
    this.#unanswered.add(answer.reject);
    const reply: Reply = (registered) => {
      this.#unanswered.delete(answer.reject);
      answer.resolve(registered);
    };
    this.#last = this.#last.then(async () => {
      try {
        if (this.#closed) throw new Stopped();
        await task(reply);
      } catch (error) {
        answer.reject(error instanceof Error ? error : new Error(String(error)));
        this.onFailure(error);
      }
    });
    return answer.promise;
  }

  /** Rejects all waiting and later registrations with `Stopped`. */
  close(): void {
    this.#closed = true;
    for (const reject of this.#unanswered) reject(new Stopped());
    this.#unanswered.clear();
  }

  /** Resolves when every task so far has been processed. */
  idle(): Promise<void> {
    return this.#last;
  }
}
