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
import { dependentsOf } from "./delete-order";
import type { EventSink } from "./event-sink";
import { type Goal, stateOf } from "./goal";
import {
  containsUnknowns,
  markSecretsLike,
  type PropertyMap,
  redacted,
  revealed,
  sameValue,
  UNKNOWN,
} from "./property-value";
import type { Provider } from "./provider";
import type { ProviderRegistry } from "./provider-registry";
import type { ResourceIndex } from "./resource-index";
import type { ResourceState } from "./resource-state";
import { Reported } from "./run-errors";
import type { Settle, Step } from "./step";
import { isProviderType, nameOf, type Urn } from "./urn";

/** One registration, and all that is needed to answer it. */
interface Registration {
  goal: Goal;
  state: ResourceState;
  provider: Provider | undefined;
  settle: Settle;
  /** `--replace` or a taint. */
  forced: boolean;
}

/** Decides what is to be done for a registration. It asks providers, and changes nothing (step_generator.go of pulumi/pulumi). */
export class Planner {
  /** Deleted early because something they depend on is replaced; they come back when the program registers them. */
  readonly #deletedEarly = new Set<Urn>();
  readonly #replaced = new Set<Urn>();
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

  /** A preview went on after something that an update would refuse. */
  get refused(): boolean {
    return this.#refused;
  }

  async plan(wanted: Goal, settle: Settle): Promise<Step[]> {
    const { index, replace, preview } = this.context;
    const { urn, parent, old } = index.claim(wanted);
    const goal: Goal = { ...wanted, parent };
    const state = stateOf(goal, urn, old);
    if (!index.isTargeted(state)) return [leftAlone(old, state, settle)];
    const provider = await this.#providerOf(state);
    const recreating = this.#deletedEarly.delete(urn);
    const forced = replace.has(urn) || old?.taint === true;
    const registration: Registration = { goal, state, provider, settle, forced };
    if (!old || recreating || forced || old.external) await this.#check(registration, {}, goal.inputs);
    else
      await this.#check(registration, old.inputs ?? {}, withIgnored(goal.inputs, old.inputs ?? {}, goal.ignoreChanges));
    if (!old) return [{ op: "create", new: state, settle }];
    if (recreating || old.external) return this.#inPlaceOf(old, registration, { deleteLater: !recreating, keys: [] });
    if (!preview && containsUnknowns(goal.replacementTrigger)) {
      throw new Error(`replacement trigger contains unknowns for ${urn}`);
    }
    const triggered = triggerFires(old.replacementTrigger, goal.replacementTrigger);
    // A trigger that fires is a difference by itself: the provider is not asked.
    const difference = triggered ? { ...NO_DIFFERENCE, changed: true } : await this.#compare(old, registration);
    const { deleteBeforeReplace } = goal;
    return this.#follow(decide({ old, difference, triggered, deleteBeforeReplace }), old, registration);
  }

  async #follow(decision: Decision, old: ResourceState, registration: Registration): Promise<Step[]> {
    const { state, settle, provider, forced, goal } = registration;
    if (decision.kind === "same") return [{ op: "same", old, new: state, settle }];
    if (decision.kind === "update") return [{ op: "update", old, new: state, settle }];
    const { keys } = decision;
    this.#refuseIfProtected(old, state);
    // Checked again without the old inputs: what was carried over from them is no longer true.
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
    { state, settle }: Registration,
    about: { deleteLater: boolean; keys: string[] },
  ): Step[] {
    this.#replaced.add(state.urn);
    const replace: Step = { op: "replace", old, new: state, keys: about.keys };
    const create: Step = { op: "create-replacement", old, new: state, ...about, settle };
    return about.deleteLater ? [create, replace] : [replace, create];
  }

  async #compare(old: ResourceState, { goal, state, provider, forced }: Registration): Promise<Difference> {
    if (forced) return replaceBecause("id");
    if (goal.replaceWith.some((urn) => this.#replaced.has(urn))) return replaceBecause("replaceWith");
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

  /** Puts the inputs that the provider makes of `news` into the record. */
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
    // A preview goes on, so that it shows the rest too.
    if (!this.context.preview) throw new Reported();
    this.#refused = true;
  }

  /**
   * What has to be replaced with `root` because its provider would replace it when the inputs that come from `root` change;
   * it is asked with these inputs unknown.
   */
  async #replacedAlong(root: ResourceState): Promise<ResourceState[]> {
    const { index } = this.context;
    const replaced = new Set<Urn>([root.urn]);
    const found: ResourceState[] = [];
    for (const state of dependentsOf(root, index.resources)) {
      if (!state.custom || state.external || state.delete || index.isSeen(state.urn) || isProviderType(state.type))
        continue;
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

/** Not among the targets: what is there stays as it is, what is not there is not made. */
const leftAlone = (old: ResourceState | undefined, state: ResourceState, settle: Settle): Step =>
  old
    ? { op: "same", old, new: { ...old }, settle }
    : { op: "same", old: { ...state }, new: state, absent: true, settle };

/** A failed check prints the property's value, unless that is secret. */
function shownValue(value: PropertyMap[string] | undefined): string {
  const shown = redacted(value ?? null);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}
