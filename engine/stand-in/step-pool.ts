/** One step. It must not reject; the result `false` ends its chain. */
export type Task = () => Promise<boolean>;

/**
 * Runs chains of steps in a limited number of slots. `submit` resolves when the chain has a slot, not when it has ended. The engine
 * then processes the next resource, like the real one (pkg/resource/deploy/step_executor.go). After a cancel no step begins;
 * running steps complete.
 */
export class StepPool {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<Promise<void>>();
  #cancelled = false;

  constructor(slots: number) {
    this.#free = slots;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    this.#cancelled = true;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Resolves with an object that contains the promise of the chain's end; a bare promise would be awaited too. */
  async submit(chain: readonly Task[]): Promise<{ ended: Promise<void> }> {
    while (this.#free === 0 && !this.#cancelled) await new Promise<void>((wake) => this.#waiting.push(wake));
    if (this.#cancelled) return { ended: Promise.resolve() };
    this.#free -= 1;
    const ended = this.#run(chain).finally(() => {
      this.#free += 1;
      this.#running.delete(ended);
      this.#waiting.shift()?.();
    });
    this.#running.add(ended);
    return { ended };
  }

  /** Resolves when every step that has begun has ended. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #run(chain: readonly Task[]): Promise<void> {
    for (const step of chain) {
      if (this.#cancelled || !(await step())) return;
    }
  }
}
