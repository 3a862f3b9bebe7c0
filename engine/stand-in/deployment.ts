import { withoutDangling } from "./dangling";
import { DefaultProviders } from "./default-providers";
import { deferred } from "./deferred";
import { deleteOrder } from "./delete-order";
import type { EventSink } from "./event-sink";
import { type Goal, stateOf } from "./goal";
import type { Planner } from "./planner";
import { type PropertyMap, sameValue } from "./property-value";
import type { Provider } from "./provider";
import type { ProviderRegistry } from "./provider-registry";
import { RegistrationLine } from "./registration-line";
import { isHeld, orphanOf, removals } from "./removals";
import type { ResourceIndex } from "./resource-index";
import { dependenciesOf, type ResourceState } from "./resource-state";
import { Reported, Stopped } from "./run-errors";
import type { SnapshotJournal } from "./snapshot-journal";
import { dependsOnAny, metadataOf, newOf, type Registered, type Step, settleOf, subjectOf } from "./step";
import type { StepFailure } from "./step-actions";
import { StepPool } from "./step-pool";
import type { StepRunner } from "./step-runner";
import { ROOT_STACK_TYPE, type Urn } from "./urn";

export interface DeploymentOptions {
  preview: boolean;
  slots: number;
  continueOnError: boolean;
  /** The stack's whole configuration. */
  config: PropertyMap;
}

/**
 * One run over one stack. Registrations are looked at one after the other, in the order in which they come; the steps that
 * follow from them run in the pool's slots. Any failure stops every step that has not begun
 * (pkg/resource/deploy/deployment_executor.go of pulumi/pulumi).
 */
export class Deployment {
  readonly #pool: StepPool;
  readonly #defaultProviders: DefaultProviders;
  readonly #line = new RegistrationLine((error) => this.#failFor(error));
  #failed = false;
  #stepFailed = false;
  #interrupted = false;
  readonly #stopSignal = deferred<void>();
  /** The last step of each resource that this run has worked on. */
  readonly #worked = new Map<Urn, Step>();
  #stackOutputs: PropertyMap | undefined;
  /** Resources that failed or were left out, and those that are not there because they are no target. */
  readonly #broken = new Set<Urn>();
  readonly #absent = new Set<Urn>();

  constructor(
    private readonly options: DeploymentOptions,
    private readonly io: {
      index: ResourceIndex;
      planner: Planner;
      runner: StepRunner;
      journal: SnapshotJournal;
      providers: ProviderRegistry;
      events: EventSink;
      /** URNs that this run deletes: filled here, read by the runner. */
      deleted: Set<Urn>;
    },
  ) {
    this.#pool = new StepPool(options.slots);
    this.#defaultProviders = new DefaultProviders(options.config, (goal) => this.#planned(goal));
  }

  get failed(): boolean {
    return this.#failed || this.io.planner.refused;
  }

  /** What failed were steps, of which each was reported, but not yet that the run as a whole has failed. */
  get needsVerdict(): boolean {
    return this.#stepFailed || this.io.planner.refused;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  get stopped(): boolean {
    return this.#pool.cancelled;
  }

  /** Resolves when nothing new will begin any more. */
  get whenStopped(): Promise<void> {
    return this.#stopSignal.promise;
  }

  /** The user wants it to end. */
  interrupt(): void {
    this.#interrupted = true;
    this.#stop();
  }

  /** Reports `message`, unless that has been done, and ends the run. */
  fail(message: string | undefined): void {
    if (message !== undefined) this.io.events.diagnostic({ severity: "error", message });
    this.#failed = true;
    this.#stop();
  }

  /** Everything that has begun has ended. */
  async settled(): Promise<void> {
    await this.#line.idle();
    await this.#pool.idle();
  }

  async register(goal: Goal): Promise<Registered> {
    return this.#planned({ ...goal, provider: await this.#defaultProviders.referenceFor(goal) });
  }

  /** `Resource.get`: looked up in the cloud, never managed. */
  async read(wanted: Goal & { id: string }): Promise<Registered> {
    const provider = await this.#defaultProviders.referenceFor(wanted);
    return this.#line.add(async (settle) => {
      const { urn, parent, old } = this.io.index.claim(wanted);
      const state = { ...stateOf({ ...wanted, parent, provider }, urn, old), id: wanted.id, external: true };
      await this.#schedule([{ op: "read", old, new: state, settle }]);
    });
  }

  async registerOutputs(urn: Urn, outputs: PropertyMap): Promise<void> {
    await this.#line.add(async (settle) => {
      const step = this.#worked.get(urn);
      const state = step && newOf(step);
      if (!step || !state) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
      // The stack's own are only known to be all of them when the program has ended well.
      if (state.type === ROOT_STACK_TYPE) this.#stackOutputs = outputs;
      else this.#setOutputs(step, state, outputs);
      settle({ state, result: "success" });
    });
  }

  /** Who answers the program's functions of this package. */
  async providerOf(token: Pick<Goal, "type" | "provider" | "version">): Promise<Provider> {
    const reference = await this.#defaultProviders.referenceFor({ ...token, custom: true });
    if (!reference) throw new Error(`no provider for ${token.type}`);
    return this.io.providers.get(reference);
  }

  /** A resource that this run has worked on. */
  find(urn: Urn): ResourceState | undefined {
    const step = this.#worked.get(urn);
    return step && newOf(step);
  }

  /** The program has ended well: what it did not register goes. */
  async finish(): Promise<void> {
    await this.settled();
    if (!this.stopped) await this.destroy();
  }

  /** Deletes what this run has not seen. */
  async destroy(): Promise<void> {
    try {
      await this.#remove(removals(this.io.index));
    } catch (error) {
      this.#failFor(error);
    }
    await this.#pool.idle();
  }

  /** Reads every resource anew; each is looked at, whatever becomes of the others. */
  async refresh(): Promise<void> {
    const { index, journal } = this.io;
    const before = index.resources;
    const steps = new Map<ResourceState, Step & { op: "refresh" }>();
    for (const old of before.filter((state) => index.isTargeted(state))) {
      steps.set(old, { op: "refresh", old, found: { state: old, op: "same" } });
    }
    await this.#together([...steps.values()], async (step) => {
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

  /** Once nothing runs any more. After a failure the outputs that the program did not get to are kept as they were. */
  finishOutputs(): void {
    const { rootUrn } = this.io.index;
    const step = rootUrn && this.#worked.get(rootUrn);
    const state = step && newOf(step);
    if (!step || !state || !this.#stackOutputs) return;
    const before = this.failed ? this.io.index.recorded(state.urn)?.outputs : {};
    this.#setOutputs(step, state, { ...before, ...this.#stackOutputs });
  }

  #planned(goal: Goal): Promise<Registered> {
    return this.#line.add(async (settle) => this.#schedule(await this.io.planner.plan(goal, settle)));
  }

  /** Waits for a slot, not for the end. */
  async #schedule(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const subject = subjectOf(step);
      const dependencies = dependenciesOf(subject);
      if (dependsOnAny(dependencies, this.#broken)) {
        this.#broken.add(subject.urn);
        settleOf(step)?.({ state: subject, result: "skipped" });
        return;
      }
      if (step.op === "same" && step.absent) this.#absent.add(subject.urn);
      else if (dependsOnAny(dependencies, this.#absent)) {
        throw new Error(`resource ${subject.urn} depends on a resource that is not there and not in the --target list`);
      }
    }
    for (const step of steps) if (step.op === "delete-replaced") this.io.deleted.add(step.old.urn);
    await this.#pool.submit(steps.map((step) => () => this.#run(step)));
  }

  async #run(step: Step): Promise<boolean> {
    const failure = await this.io.runner.run(step);
    if (failure) this.#afterFailure(step, failure);
    else if (newOf(step) && step.op !== "replace") this.#worked.set(subjectOf(step).urn, step);
    return failure === undefined;
  }

  #afterFailure(step: Step, failure: StepFailure): void {
    this.#noteFailure();
    if (!this.options.continueOnError && !failure.harmless) {
      this.#stop();
      return;
    }
    const state = subjectOf(step);
    this.#broken.add(state.urn);
    settleOf(step)?.({ state, result: "failed" });
  }

  #noteFailure(): void {
    this.#failed = true;
    this.#stepFailed = true;
  }

  async #remove(steps: ReadonlyMap<ResourceState, Step>): Promise<void> {
    const { index, deleted, events } = this.io;
    const orphan = orphanOf(steps, index);
    if (orphan) {
      const message = `Resource '${orphan.urn}' will be destroyed but was not specified in --target list.`;
      events.diagnostic({ severity: "error", urn: orphan.urn, message });
      throw new Reported();
    }
    for (const state of steps.keys()) deleted.add(state.urn);
    for (const group of deleteOrder([...steps.keys()])) {
      const free = group.filter((state) => !isHeld(state, index, this.#broken));
      await this.#together(
        free.map((state) => steps.get(state)).filter((step) => step !== undefined),
        (step) => this.#run(step),
      );
    }
  }

  /** Each in a slot of its own; resolves when all have ended, or nothing begins any more. */
  async #together<S extends Step>(steps: readonly S[], run: (step: S) => Promise<unknown>): Promise<void> {
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

  /** Nothing new begins; what runs comes to its end. */
  #stop(): void {
    this.#pool.cancel();
    this.#line.close();
    this.#stopSignal.resolve();
  }
}
