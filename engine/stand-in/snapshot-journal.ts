import type { OperationType, PendingOperation, ResourceState } from "./resource-state";
import type { StackState } from "./state-file";

interface Ended {
  /** The record that `begin` was told of. */
  operation?: ResourceState;
  /** No longer the record of its resource. */
  replaced?: ResourceState;
  /** From now on the record of its resource. */
  state?: ResourceState;
}

/**
 * The state as it would have to be read if the engine were killed now: what this run has finished, then what the last run
 * left and this one has not touched, and which steps are under way. Written before a step begins and after it ended
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

  /** A step begins that will change something in the cloud. */
  begin(type: OperationType, state: ResourceState): void {
    this.#running.set(state, type);
    this.write();
  }

  /** A step ended. */
  end(step: Ended): void {
    this.note(step);
    this.write();
  }

  /** As `end`, for a step that made no difference: it is written with the next one that does. */
  note(step: Ended): void {
    if (step.operation) this.#running.delete(step.operation);
    if (step.replaced) this.#done.add(step.replaced);
    if (step.state) this.#fresh.push(step.state);
  }

  /** After a refresh: these are the records that the run starts from. */
  rebase(resources: ResourceState[]): void {
    this.#base = resources;
    this.write();
  }

  /** From now on nothing is written: steps that are given up must stay under way in the state. */
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

  /** Nobody can tell whether an interrupted create made something, so its record stays until a person clears it. */
  #pendingOperations(): PendingOperation[] {
    const running = [...this.#running].map(([resource, type]) => ({ resource, type }));
    return [...running, ...this.#basePending.filter((operation) => operation.type === "creating")];
  }
}
