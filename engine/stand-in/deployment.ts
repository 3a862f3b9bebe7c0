import { withoutDangling } from "./dangling";
import { DefaultProviders } from "./default-providers";
import { deferred } from "./deferred";
import { deleteOrder } from "./delete-order";
import type { EventSink } from "./event-sink";
import type { Goal } from "./goal";
import type { Planner } from "./planner";
import { type PropertyMap, sameValue } from "./property-value";
import { RegistrationQueue } from "./registration-queue";
import { isHeld, removals } from "./removals";
import type { ResourceIndex } from "./resource-index";
import { dependenciesOf, type ResourceState } from "./resource-state";
import { Reported, Stopped } from "./run-errors";
import type { SnapshotJournal } from "./snapshot-journal";
import { dependsOnAny, metadataOf, newOf, type Registered, replyOf, type Step, subjectOf } from "./step";
import type { StepFailure } from "./step-actions";
import { StepPool } from "./step-pool";
import type { StepRunner } from "./step-runner";
import { ROOT_STACK_TYPE, type Urn } from "./urn";

export interface DeploymentOptions {
  preview: boolean;
  slots: number;
  /** The whole configuration of the stack. */
  config: PropertyMap;
}

/**
 * One run over one stack. It processes registrations sequentially in the order of arrival; their steps run in the slots of the
 * pool. A failure prevents every step that has not begun
 * (pkg/resource/deploy/deployment_executor.go of pulumi/pulumi).
 */
export class Deployment {
  readonly #pool: StepPool;
  readonly #defaultProviders: DefaultProviders;
  readonly #queue = new RegistrationQueue((error) => this.#failFor(error));
  #failed = false;
  #stepFailed = false;
  #interrupted = false;
  readonly #stopSignal = deferred<void>();
  /** The last step of each resource in this run. */
  readonly #lastSteps = new Map<Urn, Step>();
  #stackOutputs: PropertyMap | undefined;
  /** Resources that failed or were skipped. */
  readonly #broken = new Set<Urn>();

  constructor(
    private readonly options: DeploymentOptions,
    private readonly io: {
      index: ResourceIndex;
      planner: Planner;
      runner: StepRunner;
      journal: SnapshotJournal;
      events: EventSink;
    },
  ) {
    this.#pool = new StepPool(options.slots);
    this.#defaultProviders = new DefaultProviders(options.config, (goal) => this.#planned(goal));
  }

  get failed(): boolean {
    return this.#failed || this.io.planner.refused;
  }

  /** Whether steps failed and were reported, but the failure of the whole run was not. */
  get needsFailureMessage(): boolean {
    return this.#stepFailed || this.io.planner.refused;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  get stopped(): boolean {
    return this.#pool.cancelled;
  }

  /** Resolves when no new step will begin. */
  get whenStopped(): Promise<void> {
    return this.#stopSignal.promise;
  }

  /** Types and outputs of the last run, by URN. */
  recordedOutputs(): PropertyMap {
    const { resources } = this.io.index;
    return Object.fromEntries(resources.map(({ urn, type, outputs = {} }) => [urn, { type, outputs }]));
  }

  /** Handles an interrupt by the user. */
  interrupt(): void {
    this.#interrupted = true;
    this.#stop();
  }

  /** Reports `message` unless it is undefined, and stops the run. */
  fail(message: string | undefined): void {
    if (message !== undefined) this.io.events.diagnostic({ severity: "error", message });
    this.#failed = true;
    this.#stop();
  }

  /** Resolves when all registrations and steps that have begun have ended. */
  async whenIdle(): Promise<void> {
    await this.#queue.idle();
    await this.#pool.idle();
  }

  async register(goal: Goal): Promise<Registered> {
    return this.#planned({ ...goal, provider: await this.#defaultProviders.referenceFor(goal) });
  }

  async registerOutputs(urn: Urn, outputs: PropertyMap): Promise<void> {
    await this.#queue.add(async (reply) => {
      const step = this.#lastSteps.get(urn);
      const state = step && newOf(step);
      if (!step || !state) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
      // The outputs of the stack are complete only when the program has succeeded.
      if (state.type === ROOT_STACK_TYPE) this.#stackOutputs = outputs;
      else this.#setOutputs(step, state, outputs);
      reply({ state, result: "success" });
    });
  }

  /** Deletes the resources that the program did not register, after it has succeeded. */
  async finish(): Promise<void> {
    await this.whenIdle();
    if (!this.stopped) await this.destroy();
  }

  /** Deletes the resources that this run has not seen. */
  async destroy(): Promise<void> {
    try {
      await this.#remove(removals(this.io.index));
    } catch (error) {
      this.#failFor(error);
    }
    await this.#pool.idle();
  }

  /** Reads every resource again; a failure does not stop the other reads. */
  async refresh(): Promise<void> {
    const { index, journal } = this.io;
    const before = index.resources;
    const steps = new Map<ResourceState, Step & { op: "refresh" }>();
    for (const old of before) {
      steps.set(old, { op: "refresh", old, found: { state: old, op: "same" } });
    }
    await this.#runInParallel([...steps.values()], async (step) => {
      if (await this.io.runner.run(step)) this.#noteFailure();
    });
    const left = before.map((old) => (steps.has(old) ? steps.get(old)?.found.state : old));
    index.resources = withoutDangling(
      left.filter((state) => state !== undefined),
      before,
    );
    journal.rebase([...index.resources]);
    if (this.#failed) this.#stop();
  }

  /** Writes the final outputs. After a failure, outputs that the program did not reach keep their old values. */
  finishOutputs(): void {
    const { rootUrn } = this.io.index;
    const step = rootUrn && this.#lastSteps.get(rootUrn);
    const state = step && newOf(step);
    if (!step || !state || !this.#stackOutputs) return;
    const before = this.failed ? this.io.index.recorded(state.urn)?.outputs : {};
    this.#setOutputs(step, state, { ...before, ...this.#stackOutputs });
  }

  #planned(goal: Goal): Promise<Registered> {
    return this.#queue.add(async (reply) => this.#schedule(await this.io.planner.plan(goal, reply)));
  }

  /** Resolves when the steps have a slot, not when they have ended. */
  async #schedule(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const subject = subjectOf(step);
      const dependencies = dependenciesOf(subject);
      if (dependsOnAny(dependencies, this.#broken)) {
        this.#broken.add(subject.urn);
        replyOf(step)?.({ state: subject, result: "skipped" });
        return;
      }
    }
    await this.#pool.submit(steps.map((step) => () => this.#run(step)));
  }

  async #run(step: Step): Promise<boolean> {
    const failure = await this.io.runner.run(step);
    if (failure) this.#afterFailure(step, failure);
    else if (newOf(step) && step.op !== "replace") this.#lastSteps.set(subjectOf(step).urn, step);
    return failure === undefined;
  }

  #afterFailure(step: Step, failure: StepFailure): void {
    this.#noteFailure();
    if (!failure.harmless) {
      this.#stop();
      return;
    }
    const state = subjectOf(step);
    this.#broken.add(state.urn);
    replyOf(step)?.({ state, result: "failed" });
  }

  #noteFailure(): void {
    this.#failed = true;
    this.#stepFailed = true;
  }

  async #remove(steps: ReadonlyMap<ResourceState, Step>): Promise<void> {
    const { index } = this.io;
    for (const group of deleteOrder([...steps.keys()])) {
      const free = group.filter((state) => !isHeld(state, index, this.#broken));
      await this.#runInParallel(
        free.map((state) => steps.get(state)).filter((step) => step !== undefined),
        (step) => this.#run(step),
      );
    }
  }

  /** Runs each step in its own slot. Resolves when all have ended or no new step will begin. */
  async #runInParallel<S extends Step>(steps: readonly S[], run: (step: S) => Promise<unknown>): Promise<void> {
    const ends = steps.map(async (step) => {
      const { ended } = await this.#pool.submit([async () => (await run(step)) !== false]);
      await ended;
    });
    await Promise.all(ends);
  }

  #setOutputs(step: Step, state: ResourceState, outputs: PropertyMap): void {
    const changed = !sameValue(state.outputs ?? {}, outputs);
    state.outputs = outputs;
    const planning = this.options.preview ? { planning: true } : {};
    this.io.events.emit({ resOutputsEvent: { metadata: metadataOf(step), ...planning } });
    if (changed) this.io.journal.write();
  }

  #failFor(error: unknown): void {
    if (error instanceof Stopped) return;
    this.fail(error instanceof Reported ? undefined : error instanceof Error ? error.message : String(error));
  }

  /** Prevents new steps; running steps complete. */
  #stop(): void {
    this.#pool.cancel();
    this.#queue.close();
    this.#stopSignal.resolve();
  }
}
