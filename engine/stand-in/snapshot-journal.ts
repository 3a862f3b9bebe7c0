import type { OperationType, PendingOperation, ResourceState } from "./resource-state";
import type { StackState } from "./state-file";

interface Ended {
  /** The record that was passed to `begin`. */
  operation?: ResourceState;
  /** The record that is no longer current. */
  replaced?: ResourceState;
  /** The record that is current from now on. */
  state?: ResourceState;
}

/**
 * Keeps the state file valid for the case that the engine is killed: resources that this run has completed, resources of the last
 * run that this one has not touched, and pending steps. It is written before each step begins and after it ends
 * (pkg/backend/snapshot.go of pulumi/pulumi).
 */
export class SnapshotJournal {
  #base: ResourceState[];
  #frozen = false;
  readonly #basePending: PendingOperation[];
  readonly #fresh: ResourceState[] = [];
  readonly #done = new Set<ResourceState>();
  readonly #running = new Map<ResourceState, OperationType>();

  constructor(
    base: StackState,
    private readonly save: (state: StackState) => void,
  ) {
    this.#base = base.resources;
    this.#basePending = base.pendingOperations;
  }

  /** Records the begin of a step that changes the cloud. */
  begin(type: OperationType, state: ResourceState): void {
    this.#running.set(state, type);
    this.write();
  }

  /** Records the end of a step. */
  end(step: Ended): void {
    this.note(step);
    this.write();
  }

  /** Like `end`, for a step without changes; it is written together with the next change. */
  note(step: Ended): void {
    if (step.operation) this.#running.delete(step.operation);
    if (step.replaced) this.#done.add(step.replaced);
    if (step.state) this.#fresh.push(step.state);
  }

  /** Replaces the base records after a refresh. */
  rebase(resources: ResourceState[]): void {
    this.#base = resources;
    this.write();
  }

  /** Stops all writes, so that abandoned steps stay pending in the state. */
  freeze(): void {
    this.#frozen = true;
  }

  write(): void {
    if (this.#frozen) return;
    this.save({ resources: this.#resources(), pendingOperations: this.#pendingOperations() });
  }

  #resources(): ResourceState[] {
    return [...this.#fresh, ...this.#base].filter((state) => !this.#done.has(state));
  }

  /** The result of an interrupted create is unknown, so its record stays until the user clears it. */
  #pendingOperations(): PendingOperation[] {
    const running = [...this.#running].map(([resource, type]) => ({ resource, type }));
    return [...running, ...this.#basePending.filter((operation) => operation.type === "creating")];
  }
}
