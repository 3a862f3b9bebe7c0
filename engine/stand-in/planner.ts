import {
  type Decision,
  type Difference,
  decide,
  differenceOf,
  NO_DIFFERENCE,
  replaceBecause,
  withIgnored,
} from "./decide";
import { dependentsOf } from "./delete-order";
import type { EventSink } from "./event-sink";
import { type Goal, stateOf } from "./goal";
import { markSecretsLike, type PropertyMap, redacted, revealed, sameValue, UNKNOWN } from "./property-value";
import type { Provider } from "./provider";
import type { ProviderRegistry } from "./provider-registry";
import type { ResourceIndex } from "./resource-index";
import type { ResourceState } from "./resource-state";
import { Reported } from "./run-errors";
import type { Reply, Step } from "./step";
import { isProviderType, nameOf, type Urn } from "./urn";

/** One registration with everything that is needed to reply to it. */
interface Registration {
  goal: Goal;
  state: ResourceState;
  provider: Provider | undefined;
  reply: Reply;
  /** Set by `--replace`. */
  forced: boolean;
}

/** Plans the steps of a registration. It queries providers and changes nothing (step_generator.go of pulumi/pulumi). */
export class Planner {
  /** Resources deleted early because a dependency is replaced; they are created again when the program registers them. */
  readonly #deletedEarly = new Set<Urn>();
  #refused = false;

  constructor(
    private readonly context: {
      preview: boolean;
      replace: ReadonlySet<Urn>;
      index: ResourceIndex;
      providers: ProviderRegistry;
      events: EventSink;
    },
  ) {}

  /** Whether a preview continued after an error that an update would refuse. */
  get refused(): boolean {
    return this.#refused;
  }

  async plan(requested: Goal, reply: Reply): Promise<Step[]> {
    const { index, replace } = this.context;
    const { urn, parent, old } = index.resolve(requested);
    const goal: Goal = { ...requested, parent };
    const state = stateOf(goal, urn, old);
    const provider = await this.#providerOf(state);
    const recreating = this.#deletedEarly.delete(urn);
    const forced = replace.has(urn);
    const registration: Registration = { goal, state, provider, reply, forced };
    if (!old || recreating || forced) await this.#check(registration, {}, goal.inputs);
    else
      await this.#check(registration, old.inputs ?? {}, withIgnored(goal.inputs, old.inputs ?? {}, goal.ignoreChanges));
    if (!old) return [{ op: "create", new: state, reply }];
    if (recreating) return this.#inPlaceOf(old, registration, { deleteLater: false, keys: [] });
    const difference = await this.#compare(old, registration);
    const { deleteBeforeReplace } = goal;
    return this.#follow(decide({ old, difference, deleteBeforeReplace }), old, registration);
  }

  async #follow(decision: Decision, old: ResourceState, registration: Registration): Promise<Step[]> {
    const { state, reply, provider, forced, goal } = registration;
    if (decision.kind === "same") return [{ op: "same", old, new: state, reply }];
    if (decision.kind === "update") return [{ op: "update", old, new: state, reply }];
    const { keys } = decision;
    this.#refuseIfProtected(old, state);
    // Checks again without the old inputs, because values carried over from them are no longer valid.
    if (provider && !forced) await this.#check(registration, {}, goal.inputs);
    if (!decision.deleteFirst) return this.#inPlaceOf(old, registration, { deleteLater: true, keys });
    const steps: Step[] = [];
    for (const dependent of (await this.#replacedAlong(old)).reverse()) {
      this.#deletedEarly.add(dependent.urn);
      steps.push({ op: "delete-replaced", old: dependent, replacementFollows: true });
    }
    if (!old.pendingReplacement) steps.push({ op: "delete-replaced", old, replacementFollows: true });
    return [...steps, ...this.#inPlaceOf(old, registration, { deleteLater: false, keys })];
  }

  #inPlaceOf(
    old: ResourceState,
    { state, reply }: Registration,
    order: { deleteLater: boolean; keys: string[] },
  ): Step[] {
    const replace: Step = { op: "replace", old, new: state, keys: order.keys };
    const create: Step = { op: "create-replacement", old, new: state, ...order, reply };
    return order.deleteLater ? [create, replace] : [replace, create];
  }

  async #compare(old: ResourceState, { goal, state, provider, forced }: Registration): Promise<Difference> {
    if (forced) return replaceBecause("id");
    if (old.custom !== state.custom) return replaceBecause("provider");
    const inputs = state.inputs ?? {};
    if (!provider) return { ...NO_DIFFERENCE, changed: !sameValue(old.inputs ?? {}, inputs) };
    return this.#diff(provider, old, inputs, goal.ignoreChanges);
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

  /** Stores the inputs that the provider's check returns for `news` in the record. */
  async #check({ provider, state }: Registration, olds: PropertyMap, news: PropertyMap): Promise<void> {
    state.inputs = news;
    if (!provider) return;
    const answer = await provider.check({ urn: state.urn, olds: revealed(olds), news: revealed(news) });
    state.inputs = markSecretsLike(answer.inputs, news);
    for (const { property, reason } of answer.failures) {
      const shown = property === "" ? "" : `: property ${property} value {${shownValue(news[property])}}`;
      const message = `${state.type} resource '${nameOf(state.urn)}'${shown} has a problem: ${reason}`;
      this.context.events.diagnostic({ severity: "error", urn: state.urn, message });
    }
    if (answer.failures.length > 0) throw new Reported();
  }

  #refuseIfProtected(old: ResourceState, state: ResourceState): void {
    if (!old.protect || !state.protect) return;
    const message =
      `unable to replace resource "${state.urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
      "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`";
    this.context.events.diagnostic({ severity: "error", urn: state.urn, message });
    // A preview continues, so that it also shows the remaining changes.
    if (!this.context.preview) throw new Reported();
    this.#refused = true;
  }

  /**
   * The dependents that must be replaced together with `root`: those whose provider reports a replacement when the inputs from
   * `root` are unknown.
   */
  async #replacedAlong(root: ResourceState): Promise<ResourceState[]> {
    const { index } = this.context;
    const replaced = new Set<Urn>([root.urn]);
    const found: ResourceState[] = [];
    for (const state of dependentsOf(root, index.resources)) {
      if (!state.custom || state.delete || index.isSeen(state.urn) || isProviderType(state.type)) continue;
      const properties = Object.entries(state.propertyDependencies ?? {});
      const touched = properties.filter(([, urns]) => urns.some((urn) => replaced.has(urn)));
      const provider = touched.length > 0 ? await this.#providerOf(state) : undefined;
      if (!provider) continue;
      const inputs = { ...state.inputs, ...Object.fromEntries(touched.map(([key]) => [key, UNKNOWN])) };
      const difference = await this.#diff(provider, state, inputs, state.ignoreChanges ?? []);
      if (difference.replaces.length === 0) continue;
      if (state.protect) {
        const why = `as part of replacing "${root.urn}" as it is currently marked for protection`;
        throw new Error(`unable to replace resource "${state.urn}" ${why}`);
      }
      replaced.add(state.urn);
      found.push(state);
    }
    return found;
  }

  async #providerOf(state: ResourceState): Promise<Provider | undefined> {
    return state.custom && state.provider ? this.context.providers.get(state.provider) : undefined;
  }
}

/** The value of a property that failed a check, masked if it is secret. */
function shownValue(value: PropertyMap[string] | undefined): string {
  const shown = redacted(value ?? null);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}
