import {
  type Decision,
  type Difference,
  decide,
  differenceOf,
  NO_DIFFERENCE,
  replaceBecause,
  triggerFires,
  withIgnored,
} from "./decide";
import { deferred } from "./deferred";
import { deleteOrder, dependentsOf } from "./delete-order";
import type { EventSink } from "./event-sink";
import { type Goal, knownUrns, stateOf } from "./goal";
import {
  containsUnknowns,
  markSecretsLike,
  type PropertyMap,
  type PropertyValue,
  redacted,
  revealed,
  sameValue,
  UNKNOWN,
} from "./property-value";
import type { Provider } from "./provider";
import type { ProviderRegistry } from "./provider-registry";
import { dependenciesOf, type ResourceState } from "./resource-state";
import type { SnapshotJournal } from "./snapshot-journal";
import { dependsOnAny, metadataOf, newOf, type Registered, type Settle, type Step, settleOf, subjectOf } from "./step";
import { StepPool } from "./step-pool";
import type { StepFailure, StepRunner } from "./step-runner";
import {
  createUrn,
  formatReference,
  isProviderType,
  nameOf,
  packageOf,
  providerType,
  ROOT_STACK_TYPE,
  type Urn,
} from "./urn";

export interface DeploymentOptions {
  project: string;
  stack: string;
  preview: boolean;
  slots: number;
  continueOnError: boolean;
  replace: ReadonlySet<Urn>;
  /** Empty: every resource. */
  targets: ReadonlySet<Urn>;
  /** The stack's configuration, all of which a dynamic provider gets, and others their namespace's part. */
  config: PropertyMap;
}

/** Something was wrong that was reported already: nothing more is to be said, but the run ends. */
class Reported extends Error {}

/** What a program's call gets once the run has been stopped; the SDK then ends the program without a word. */
export class Stopped extends Error {}

/**
 * One run over one stack. Registrations are looked at one after the other, in the order in which they come; the steps that
 * follow from them run in the pool's slots. Any failure stops every step that has not begun
 * (pkg/resource/deploy/deployment_executor.go and step_generator.go of pulumi/pulumi).
 */
export class Deployment {
  readonly #pool: StepPool;
  #line: Promise<void> = Promise.resolve();
  #failed = false;
  #interrupted = false;
  readonly #stopSignal = deferred<void>();
  #rootUrn: Urn | undefined;
  #stackOutputs: PropertyMap | undefined;
  /** Every URN that this run has seen, and the last step of those that count. */
  readonly #seen = new Set<Urn>();
  readonly #registered = new Map<Urn, Step>();
  readonly #defaultProviders = new Map<string, Promise<string>>();
  /** Old URN → new URN, and back. */
  readonly #renamedTo = new Map<Urn, Urn>();
  readonly #renamedFrom = new Map<Urn, Urn>();
  /** Deleted early because something they depend on is replaced; they come back when the program registers them. */
  readonly #deletedEarly = new Set<Urn>();
  readonly #replaced = new Set<Urn>();
  readonly #absent = new Set<Urn>();
  readonly #broken = new Set<Urn>();
  readonly #waiting = new Set<(reason: Error) => void>();

  constructor(
    private readonly options: DeploymentOptions,
    /** What the last run left; a refresh puts other records into it. */
    private readonly base: { resources: ResourceState[] },
    private readonly io: {
      runner: StepRunner;
      journal: SnapshotJournal;
      providers: ProviderRegistry;
      events: EventSink;
      /** Filled by this class and read by the runner. */
      deleted: Set<Urn>;
      now: () => Date;
    },
  ) {
    this.#pool = new StepPool(options.slots);
  }

  get failed(): boolean {
    return this.#failed;
  }

  get stopped(): boolean {
    return this.#pool.cancelled;
  }

  get rootUrn(): Urn | undefined {
    return this.#rootUrn;
  }

  get renames(): ReadonlyMap<Urn, Urn> {
    return this.#renamedTo;
  }

  /** Resolves when nothing new will begin any more. */
  get whenStopped(): Promise<void> {
    return this.#stopSignal.promise;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** The user wants it to end. */
  interrupt(): void {
    this.#interrupted = true;
    this.stop();
  }

  /** Nothing new begins; what runs comes to its end. */
  stop(): void {
    this.#pool.cancel();
    this.#stopSignal.resolve();
    for (const reject of this.#waiting) reject(new Stopped("resource monitor shut down"));
    this.#waiting.clear();
  }

  fail(message: string | undefined, urn = ""): void {
    if (message !== undefined) this.io.events.diagnostic({ severity: "error", urn, message });
    this.#failed = true;
    this.stop();
  }

  /** Everything that has begun has ended. */
  async settled(): Promise<void> {
    await this.#line;
    await this.#pool.idle();
  }

  async register(goal: Goal): Promise<Registered> {
    const provider = await this.#referenceFor(goal);
    return this.#inLine((settle) => this.#plan({ ...goal, provider }, settle));
  }

  /** `Resource.get`: looked up in the cloud, never managed. */
  async read(wanted: Goal & { id: string }): Promise<Registered> {
    const provider = await this.#referenceFor(wanted);
    return this.#inLine(async (settle) => {
      const goal = { ...wanted, provider, parent: this.#parentOf(wanted) };
      const urn = this.#urnOf(goal);
      const old = this.#oldOf(urn);
      this.#seen.add(urn);
      const state = { ...stateOf(goal, urn, old), id: wanted.id, external: true };
      await this.#schedule([{ op: "read", old, new: state, settle }]);
    });
  }

  async registerOutputs(urn: Urn, outputs: PropertyMap): Promise<void> {
    await this.#inLine(async (settle) => {
      const step = this.#registered.get(urn);
      const state = step && newOf(step);
      if (!step || !state) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
      // The stack's own are only known to be all of them when the program has ended well.
      if (state.type === ROOT_STACK_TYPE) this.#stackOutputs = outputs;
      else this.#setOutputs(step, state, outputs);
      settle({ state, result: "success" });
    });
  }

  async providerOf(goal: Pick<Goal, "type" | "provider" | "version">): Promise<Provider> {
    const reference = await this.#referenceFor({ ...goal, custom: true });
    if (!reference) throw new Error(`no provider for ${goal.type}`);
    return this.io.providers.get(reference);
  }

  /** The record of a resource that this run has registered. */
  find(urn: Urn): ResourceState | undefined {
    const step = this.#registered.get(urn);
    return step && newOf(step);
  }

  /** The program has ended well: what it did not register goes. */
  async finish(): Promise<void> {
    await this.#line;
    await this.#pool.idle();
    if (!this.stopped) await this.#deleteUnseen();
  }

  async refresh(): Promise<void> {
    const found = new Map<ResourceState, Step & { op: "refresh" }>();
    for (const old of this.base.resources) {
      if (this.#isTargeted(old)) found.set(old, { op: "refresh", old, found: { state: old, op: "same" } });
    }
    // Each is looked at, whatever becomes of the others.
    const tasks = [...found.values()].map(async (step) => {
      const { ended } = await this.#pool.submit([
        async () => {
          if (await this.io.runner.run(step)) this.#failed = true;
          return true;
        },
      ]);
      await ended;
    });
    await Promise.all(tasks);
    const left = this.base.resources.map((old) => (found.has(old) ? found.get(old)?.found.state : old));
    this.base.resources = withoutDangling(left.filter((state) => state !== undefined));
    this.io.journal.rebase(this.base.resources);
    if (this.#failed) this.stop();
  }

  async destroy(): Promise<void> {
    await this.#deleteUnseen();
    await this.#pool.idle();
  }

  /** Once nothing runs any more. After a failure the outputs that the program did not get to are kept as they were. */
  finishOutputs(): void {
    const step = this.#rootUrn && this.#registered.get(this.#rootUrn);
    const state = step && newOf(step);
    if (!step || !state || !this.#stackOutputs) return;
    const before = this.#rootUrn ? this.#oldOf(this.#rootUrn)?.outputs : undefined;
    this.#setOutputs(step, state, this.#failed ? { ...before, ...this.#stackOutputs } : this.#stackOutputs);
  }

  // -- one registration --

  async #plan(wanted: Goal, settle: Settle): Promise<void> {
    const goal: Goal = { ...wanted, parent: this.#parentOf(wanted) };
    const urn = this.#urnOf(goal);
    const old = this.#oldOf(urn, goal);
    this.#seen.add(urn);
    if (goal.type === ROOT_STACK_TYPE) this.#rootUrn = urn;
    const state = stateOf(goal, urn, old);
    if (!this.#isTargeted(state)) return this.#leaveAlone(old, state, settle);
    const provider = await this.#loadProvider(state);
    const recreating = this.#deletedEarly.delete(urn);
    const forced = this.options.replace.has(urn) || old?.taint === true;
    const afresh = recreating || forced || old === undefined || old.external === true;
    const inputs = old ? withIgnored(goal.inputs, old.inputs ?? {}, goal.ignoreChanges) : goal.inputs;
    state.inputs = provider
      ? await this.#check(provider, state, {
          olds: afresh ? {} : (old?.inputs ?? {}),
          news: afresh ? goal.inputs : inputs,
        })
      : inputs;
    if (!old) return this.#schedule([{ op: "create", new: state, settle }]);
    if (recreating) {
      this.#replaced.add(urn);
      return this.#schedule([
        { op: "replace", old, new: state, keys: [] },
        { op: "create-replacement", old, new: state, deleteLater: false, keys: [], settle },
      ]);
    }
    if (old.external) {
      return this.#schedule([
        { op: "create-replacement", old, new: state, deleteLater: true, keys: [], settle },
        { op: "replace", old, new: state, keys: [] },
      ]);
    }
    if (!this.options.preview && containsUnknowns(goal.replacementTrigger)) {
      throw new Error(`replacement trigger contains unknowns for ${urn}`);
    }
    const triggered = triggerFires(old.replacementTrigger, goal.replacementTrigger);
    const difference = triggered
      ? { ...NO_DIFFERENCE, changed: true }
      : await this.#compare({ old, state, provider, goal, forced });
    const decision = decide({ old, difference, triggered, deleteBeforeReplace: goal.deleteBeforeReplace });
    await this.#follow(decision, { old, state, goal, provider, forced, settle });
  }

  async #follow(
    decision: Decision,
    about: {
      old: ResourceState;
      state: ResourceState;
      goal: Goal;
      provider?: Provider;
      forced: boolean;
      settle: Settle;
    },
  ): Promise<void> {
    const { old, state, settle } = about;
    if (decision.kind === "same") return this.#schedule([{ op: "same", old, new: state, settle }]);
    if (decision.kind === "update") return this.#schedule([{ op: "update", old, new: state, settle }]);
    const { keys } = decision;
    this.#refuseIfProtected(old, state);
    this.#replaced.add(state.urn);
    // What was carried over from the old resource is no longer true.
    if (about.provider && !about.forced) {
      state.inputs = await this.#check(about.provider, state, { olds: {}, news: about.goal.inputs });
    }
    if (!decision.deleteFirst) {
      return this.#schedule([
        { op: "create-replacement", old, new: state, deleteLater: true, keys, settle },
        { op: "replace", old, new: state, keys },
      ]);
    }
    const steps: Step[] = [];
    for (const dependent of (await this.#replacedAlong(old)).reverse()) {
      this.#deletedEarly.add(dependent.urn);
      this.io.deleted.add(dependent.urn);
      steps.push({ op: "delete-replaced", old: dependent, replacementFollows: true });
    }
    if (!old.pendingReplacement) steps.push({ op: "delete-replaced", old, replacementFollows: true });
    steps.push({ op: "replace", old, new: state, keys });
    steps.push({ op: "create-replacement", old, new: state, deleteLater: false, keys, settle });
    await this.#schedule(steps);
  }

  async #compare(about: {
    old: ResourceState;
    state: ResourceState;
    provider?: Provider;
    goal: Goal;
    forced: boolean;
  }): Promise<Difference> {
    const { old, state, provider } = about;
    if (about.forced) return replaceBecause("id");
    if (about.goal.replaceWith.some((urn) => this.#replaced.has(urn))) return replaceBecause("replaceWith");
    if (old.custom !== state.custom) return replaceBecause("provider");
    const oldInputs = old.inputs ?? {};
    const inputs = state.inputs ?? {};
    if (!provider) return { ...NO_DIFFERENCE, changed: !sameValue(oldInputs, inputs) };
    return this.#diff(provider, old, inputs, about.goal.ignoreChanges);
  }

  async #diff(
    provider: Provider,
    old: ResourceState,
    inputs: PropertyMap,
    ignoreChanges: string[],
  ): Promise<Difference> {
    const oldInputs = old.inputs ?? {};
    const answer = await provider.diff({
      urn: old.urn,
      id: old.id ?? "",
      oldInputs: revealed(oldInputs),
      oldOutputs: revealed(old.outputs ?? {}),
      newInputs: revealed(inputs),
      ignoreChanges,
    });
    return differenceOf(answer, oldInputs, withIgnored(inputs, oldInputs, ignoreChanges));
  }

  async #check(
    provider: Provider,
    state: ResourceState,
    { olds, news }: { olds: PropertyMap; news: PropertyMap },
  ): Promise<PropertyMap> {
    const answer = await provider.check({ urn: state.urn, olds: revealed(olds), news: revealed(news) });
    const inputs = markSecretsLike(answer.inputs, news);
    for (const { property, reason } of answer.failures) {
      const shown = property === "" ? "" : `: property ${property} value {${text(inputs[property])}}`;
      const message = `${state.type} resource '${nameOf(state.urn)}'${shown} has a problem: ${reason}`;
      this.io.events.diagnostic({ severity: "error", urn: state.urn, message });
    }
    if (answer.failures.length > 0) throw new Reported();
    return inputs;
  }

  #refuseIfProtected(old: ResourceState, state: ResourceState): void {
    if (!old.protect || !state.protect) return;
    const message =
      `unable to replace resource "${state.urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
    this.io.events.diagnostic({ severity: "error", urn: state.urn, message });
    this.#failed = true;
    // A preview goes on, so that it shows the rest too.
    if (!this.options.preview) throw new Reported();
  }

  /** What has to be replaced with `root` because the provider would not only update it. Asked with the changing inputs unknown. */
  async #replacedAlong(root: ResourceState): Promise<ResourceState[]> {
    const replaced = new Set<Urn>([root.urn]);
    const found: ResourceState[] = [];
    for (const state of dependentsOf(root, this.base.resources)) {
      if (!state.custom || state.external || state.delete || this.#seen.has(state.urn) || isProviderType(state.type))
        continue;
      const dependencies = state.propertyDependencies ?? {};
      const touched = Object.keys(dependencies).filter((key) => dependencies[key]?.some((urn) => replaced.has(urn)));
      if (touched.length === 0 && !state.replaceWith?.some((urn) => replaced.has(urn))) continue;
      const inputs = { ...state.inputs, ...Object.fromEntries(touched.map((key) => [key, UNKNOWN])) };
      const provider = await this.#loadProvider(state);
      if (!provider) continue;
      const difference = await this.#diff(provider, state, inputs, state.ignoreChanges ?? []);
      if (difference.replaces.length === 0) continue;
      if (state.protect)
        throw new Error(
          `unable to replace resource "${state.urn}" as part of replacing "${root.urn}" as it is currently marked for protection`,
        );
      replaced.add(state.urn);
      found.push(state);
    }
    return found;
  }

  /** Not among the targets: what is there stays as it is, what is not there is not made. */
  async #leaveAlone(old: ResourceState | undefined, state: ResourceState, settle: Settle): Promise<void> {
    if (old) return this.#schedule([{ op: "same", old, new: { ...old }, settle }]);
    this.#absent.add(state.urn);
    await this.#schedule([{ op: "same", old: { ...state }, new: state, absent: true, settle }]);
  }

  // -- scheduling --

  /** Waits for a slot, not for the end. */
  async #schedule(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const subject = subjectOf(step);
      const dependencies = dependenciesOf(subject);
      if (this.options.continueOnError && dependsOnAny(dependencies, this.#broken)) {
        this.#broken.add(subject.urn);
        settleOf(step)?.({ state: subject, result: "skipped" });
        return;
      }
      if (!("absent" in step) && this.#absent.size > 0 && dependsOnAny(dependencies, this.#absent)) {
        throw new Error(
          `resource ${subject.urn} depends on a resource that was not specified in --target list and is not there`,
        );
      }
    }
    await this.#pool.submit(steps.map((step) => () => this.#run(step)));
  }

  async #run(step: Step): Promise<boolean> {
    const failure = await this.io.runner.run(step);
    if (failure) {
      this.#afterFailure(step, failure);
      return false;
    }
    if (newOf(step) && step.op !== "replace" && step.op !== "refresh") this.#registered.set(subjectOf(step).urn, step);
    return true;
  }

  #afterFailure(step: Step, failure: StepFailure): void {
    this.#failed = true;
    if (!this.options.continueOnError && !failure.harmless) {
      this.stop();
      return;
    }
    const state = subjectOf(step);
    this.#broken.add(state.urn);
    settleOf(step)?.({ state, result: "failed" });
  }

  async #deleteUnseen(): Promise<void> {
    try {
      await this.#deleteAll(this.#condemned());
    } catch (error) {
      this.#failFor(error);
    }
  }

  #condemned(): Map<ResourceState, Step> {
    const steps = new Map<ResourceState, Step>();
    for (const old of this.base.resources) {
      if (!this.#isTargeted(old)) continue;
      if (old.delete) steps.set(old, { op: "delete-replaced", old, replacementFollows: false });
      else if (!this.#isKept(old.urn)) {
        steps.set(old, old.pendingReplacement ? { op: "remove-pending-replace", old } : { op: "delete", old });
      }
    }
    return steps;
  }

  async #deleteAll(steps: ReadonlyMap<ResourceState, Step>): Promise<void> {
    for (const state of steps.keys()) this.io.deleted.add(state.urn);
    this.#refuseOrphans(steps);
    for (const group of deleteOrder([...steps.keys()])) {
      const free = group.filter((state) => !this.#keepsAlive(state));
      const ends = free.map(async (state) => {
        const step = steps.get(state);
        if (step) await (await this.#pool.submit([() => this.#run(step)])).ended;
      });
      await Promise.all(ends);
      if (this.stopped) return;
    }
  }

  /** Something that could not be deleted needs it. */
  #keepsAlive(state: ResourceState): boolean {
    return this.base.resources.some(
      (other) => this.#broken.has(other.urn) && dependentsOf(state, this.base.resources).includes(other),
    );
  }

  #refuseOrphans(steps: ReadonlyMap<ResourceState, Step>): void {
    if (this.options.targets.size === 0) return;
    for (const state of steps.keys()) {
      for (const dependent of dependentsOf(state, this.base.resources)) {
        if (steps.has(dependent) || this.#seen.has(dependent.urn)) continue;
        const message = `Resource '${dependent.urn}' will be destroyed but was not specified in --target list.`;
        this.io.events.diagnostic({ severity: "error", urn: dependent.urn, message });
        throw new Reported();
      }
    }
  }

  #isKept(urn: Urn): boolean {
    return this.#seen.has(this.#renamedTo.get(urn) ?? urn);
  }

  #isTargeted(state: ResourceState): boolean {
    const { targets } = this.options;
    return targets.size === 0 || targets.has(state.urn) || isProviderType(state.type) || state.type === ROOT_STACK_TYPE;
  }

  // -- names and providers --

  #parentOf(goal: Pick<Goal, "parent" | "type">): Urn | undefined {
    return goal.parent || (goal.type === ROOT_STACK_TYPE || isProviderType(goal.type) ? undefined : this.#rootUrn);
  }

  #urnOf(goal: Pick<Goal, "parent" | "type" | "name">): Urn {
    const { project, stack } = this.options;
    const urn = createUrn({ project, stack, ...goal });
    if (this.#seen.has(urn)) {
      this.io.events.diagnostic({
        severity: "error",
        urn,
        message: `Duplicate resource URN '${urn}'; try giving it a unique name`,
      });
      throw new Reported();
    }
    return urn;
  }

  #oldOf(urn: Urn, goal?: Goal): ResourceState | undefined {
    const { project, stack } = this.options;
    const aliasOf = (parent: Urn) => this.#renamedFrom.get(parent);
    for (const known of goal ? knownUrns(goal, urn, { project, stack, aliasOf }) : [urn]) {
      const old = this.base.resources.find((state) => state.urn === known && !state.delete);
      if (!old) continue;
      if (known !== urn) {
        this.#renamedTo.set(known, urn);
        this.#renamedFrom.set(urn, known);
        this.io.providers.rename(known, urn);
      }
      return old;
    }
    return undefined;
  }

  async #referenceFor(goal: Pick<Goal, "type" | "custom" | "provider" | "version">): Promise<string | undefined> {
    if (goal.provider || !goal.custom || isProviderType(goal.type)) return goal.provider;
    const packageName = packageOf(goal.type);
    const name = goal.version ? `default_${goal.version.replace(/[.+-]/g, "_")}` : "default";
    const key = `${packageName} ${name}`;
    const known = this.#defaultProviders.get(key);
    if (known) return known;
    const reference = this.#registerDefaultProvider(packageName, name, goal.version);
    this.#defaultProviders.set(key, reference);
    return reference;
  }

  async #registerDefaultProvider(packageName: string, name: string, version: string): Promise<string> {
    const goal = defaultProviderGoal({ packageName, name, version, config: this.options.config });
    const { state } = await this.#inLine((settle) => this.#plan(goal, settle));
    return formatReference({ urn: state.urn, id: state.id ?? UNKNOWN });
  }

  async #loadProvider(state: ResourceState): Promise<Provider | undefined> {
    return state.custom && state.provider ? this.io.providers.get(state.provider) : undefined;
  }

  #failFor(error: unknown): void {
    if (!(error instanceof Stopped)) this.fail(error instanceof Reported ? undefined : messageOf(error));
  }

  #setOutputs(step: Step, state: ResourceState, outputs: PropertyMap): void {
    const changed = !sameValue(state.outputs ?? {}, outputs);
    state.outputs = outputs;
    const planning = this.options.preview ? { planning: true } : {};
    this.io.events.emit({ resOutputsEvent: { metadata: metadataOf(step), ...planning } });
    if (changed) this.io.journal.write();
  }

  /** One after the other. Resolves when `settle` was called; rejects when the run was stopped before. */
  #inLine(task: (settle: Settle) => Promise<void>): Promise<Registered> {
    const answer = deferred<Registered>();
    // Steps may be stopped while nobody waits yet.
    answer.promise.catch(() => undefined);
    this.#waiting.add(answer.reject);
    const settle: Settle = (registered) => {
      this.#waiting.delete(answer.reject);
      answer.resolve(registered);
    };
    this.#line = this.#line.then(async () => {
      try {
        if (this.stopped) throw new Stopped("resource monitor shut down");
        await task(settle);
      } catch (error) {
        answer.reject(error instanceof Error ? error : new Error(String(error)));
        this.#failFor(error);
      }
    });
    return answer.promise;
  }
}

/** The provider that manages a package's resources where the program names none, with what the configuration says of it. */
function defaultProviderGoal(about: { packageName: string; name: string; version: string; config: PropertyMap }): Goal {
  const { packageName, version } = about;
  const prefix = `${packageName}:`;
  // A dynamic provider gets the whole configuration, any other its own namespace (GetPackageConfig in deploy/target.go).
  const own = Object.entries(about.config).filter(([key]) => packageName === "pulumi-nodejs" || key.startsWith(prefix));
  const inputs = Object.fromEntries(
    own.map(([key, value]) => [packageName === "pulumi-nodejs" ? key : key.slice(prefix.length), value]),
  );
  return {
    type: providerType(packageName),
    name: about.name,
    custom: true,
    inputs: version ? { ...inputs, version } : inputs,
    protect: false,
    dependencies: [],
    version,
    propertyDependencies: {},
    ignoreChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
    retainOnDelete: false,
    replaceWith: [],
    replaceOnChanges: [],
  };
}

/** After a refresh has dropped records: nothing may refer to what is gone, and orphans move up to the next parent. */
function withoutDangling(resources: ResourceState[]): ResourceState[] {
  const there = new Set(resources.map((state) => state.urn));
  const known = (urns: Urn[] | undefined): Urn[] | undefined => urns?.filter((urn) => there.has(urn));
  return resources.map((state) => {
    if ([...dependenciesOf(state)].every((urn) => there.has(urn))) return state;
    const kept = { ...state, dependencies: known(state.dependencies) };
    if (kept.deletedWith && !there.has(kept.deletedWith)) delete kept.deletedWith;
    if (kept.parent && !there.has(kept.parent)) delete kept.parent;
    const properties = Object.entries(state.propertyDependencies ?? {});
    kept.propertyDependencies = Object.fromEntries(properties.map(([key, urns]) => [key, known(urns) ?? []]));
    return kept;
  });
}

const text = (value: PropertyValue | undefined): string => {
  const shown = redacted(value ?? null);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
