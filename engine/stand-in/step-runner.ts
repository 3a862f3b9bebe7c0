import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { differenceOf } from "./decide";
import type { EventSink } from "./event-sink";
import { isSecret, markSecretsLike, type PropertyMap, revealed, sameValue, secret, UNKNOWN } from "./property-value";
import type { Provider } from "./provider";
import type { ProviderRegistry } from "./provider-registry";
import type { OperationType, ResourceState } from "./resource-state";
import type { SnapshotJournal } from "./snapshot-journal";
import { isLogical, metadataOf, newOf, oldOf, type Step, settleOf, subjectOf } from "./step";
import { isProviderType, type Urn } from "./urn";

/** Why a step failed. */
export interface StepFailure {
  /** The resource exists and is recorded, but it is not ready. */
  partial: boolean;
  /** Does not stop the others (a protected resource that would be deleted). */
  harmless: boolean;
}

class StepError extends Error {
  constructor(
    message: string,
    readonly failure: StepFailure,
  ) {
    super(message);
  }
}

/** Does one step: says so, notes it in the journal, asks the provider, records what came of it, answers the program. */
export class StepRunner {
  /** Steps of each op, as the summary counts them. */
  readonly changes: Record<string, number> = {};

  constructor(
    private readonly context: {
      preview: boolean;
      /** Whether the whole operation is a refresh: then what it found counts. */
      refreshing: boolean;
      events: EventSink;
      journal: SnapshotJournal;
      providers: ProviderRegistry;
      /** URNs that this run deletes. */
      deleted: ReadonlySet<Urn>;
      now: () => Date;
    },
  ) {}

  async run(step: Step): Promise<StepFailure | undefined> {
    const { events, journal, preview } = this.context;
    const operation = OPERATION_OF[step.op];
    const subject = subjectOf(step);
    events.emit({ resourcePreEvent: { metadata: metadataOf(step), ...(preview ? { planning: true } : {}) } });
    if (operation) journal.begin(operation, subject);
    try {
      await this.#apply(step);
      markSecretOutputs(step);
      this.#report(step);
      this.#record(step, operation ? subject : undefined);
      settleOf(step)?.({ state: newOf(step) ?? subject, result: "success" });
      return undefined;
    } catch (error) {
      const failure = error instanceof StepError ? error.failure : { partial: false, harmless: false };
      events.diagnostic({ severity: "error", urn: subject.urn, message: messageOf(error) });
      events.emit({ resOpFailedEvent: { metadata: metadataOf(step), status: 0, steps: 0 } });
      if (failure.partial) this.#record(step, subject);
      else journal.end({ operation: operation && subject });
      return failure;
    }
  }

  async #apply(step: Step): Promise<void> {
    switch (step.op) {
      case "same":
        step.new.id = step.old.id;
        step.new.outputs = step.old.outputs;
        // The inputs that the provider knows are the old ones: it said that the new ones make no difference.
        if (isProviderType(step.new.type) && !step.absent) {
          this.context.providers.add({ ...step.new, inputs: step.old.inputs ?? {} });
        }
        return;
      case "create":
      case "create-replacement":
        await this.#create(step.new);
        if (step.op === "create-replacement" && step.deleteLater) step.old.delete = true;
        return;
      case "update":
        return this.#update(step.old, step.new);
      case "delete":
      case "delete-replaced":
        await this.#delete(step);
        if (step.op === "delete-replaced" && step.replacementFollows) step.old.pendingReplacement = true;
        return;
      case "read":
        return this.#read(step.old, step.new);
      case "refresh":
        return this.#refresh(step);
      case "replace":
      case "remove-pending-replace":
        return;
    }
  }

  async #create(state: ResourceState): Promise<void> {
    const { preview, providers, now } = this.context;
    const inputs = state.inputs ?? {};
    state.created = now().toISOString();
    state.modified = state.created;
    if (isProviderType(state.type)) {
      Object.assign(state, { id: preview ? UNKNOWN : randomUUID(), outputs: inputs });
      providers.add(state);
      return;
    }
    if (!state.custom) return;
    if (preview) {
      // A provider without previews: its inputs are all that is known of its outputs.
      state.outputs = inputs;
      return;
    }
    const provider = await this.#providerOf(state);
    const timeoutSeconds = state.customTimeouts?.create ?? 0;
    const made = await provider.create({ urn: state.urn, inputs: revealed(inputs), timeoutSeconds });
    if (made.id === "") throw new Error(`plugin returned empty resource.ID from create '${state.urn}'`);
    state.id = made.id;
    state.outputs = markSecretsLike(made.outputs, inputs);
    this.#failIfNotReady(state, made.initErrors);
  }

  async #update(old: ResourceState, state: ResourceState): Promise<void> {
    const { preview, providers, now } = this.context;
    const inputs = state.inputs ?? {};
    Object.assign(state, { id: old.id, created: old.created, modified: old.modified });
    if (isProviderType(state.type)) {
      state.outputs = inputs;
      state.modified = now().toISOString();
      providers.add(state);
      return;
    }
    if (!state.custom) return;
    const provider = await this.#providerOf(state);
    if (preview) {
      state.outputs = provider.planUpdate(old.outputs ?? {}, inputs);
      return;
    }
    const made = await provider.update({
      urn: state.urn,
      id: old.id ?? "",
      oldInputs: revealed(old.inputs ?? {}),
      oldOutputs: revealed(old.outputs ?? {}),
      newInputs: revealed(inputs),
      timeoutSeconds: state.customTimeouts?.update ?? 0,
    });
    state.outputs = markSecretsLike(made.outputs, inputs);
    state.modified = now().toISOString();
    // What is there was not made with the new inputs, so the next run has to see the difference again.
    if (made.initErrors) state.inputs = old.inputs;
    this.#failIfNotReady(state, made.initErrors);
  }

  async #delete(step: Step & { op: "delete" | "delete-replaced" }): Promise<void> {
    const { old } = step;
    if (step.op === "delete" && old.protect) {
      const message =
        `resource "${old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the ` +
        "`protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
        `\`pulumi state unprotect '${old.urn}'\``;
      throw new StepError(message, { partial: false, harmless: true });
    }
    if (this.context.preview || !old.custom || old.external || old.retainOnDelete || isProviderType(old.type)) return;
    if (old.deletedWith && this.context.deleted.has(old.deletedWith)) return;
    const provider = await this.#providerOf(old);
    await provider.delete({
      urn: old.urn,
      id: old.id ?? "",
      inputs: revealed(old.inputs ?? {}),
      outputs: revealed(old.outputs ?? {}),
      timeoutSeconds: old.customTimeouts?.delete ?? 0,
    });
  }

  /** Unlike all others, it is done at previews too. */
  async #read(old: ResourceState | undefined, state: ResourceState): Promise<void> {
    Object.assign(state, { created: old?.created, modified: old?.modified });
    if (state.id === UNKNOWN) {
      state.outputs = {};
      return;
    }
    const provider = await this.#providerOf(state);
    const inputs = revealed(state.inputs ?? {});
    const found = await provider.read({ urn: state.urn, id: state.id ?? "", inputs, outputs: inputs });
    if (found.id === "" || !found.outputs) throw new Error(`resource '${state.id}' does not exist`);
    state.id = found.id;
    state.outputs = markSecretsLike(found.outputs, state.inputs ?? {});
    if (old && !sameValue(old.outputs, state.outputs)) state.modified = this.context.now().toISOString();
  }

  async #refresh(step: Step & { op: "refresh" }): Promise<void> {
    const { old, found } = step;
    if (!old.custom || isProviderType(old.type) || old.pendingReplacement) return;
    const provider = await this.#providerOf(old);
    const { urn } = old;
    const oldInputs = old.inputs ?? {};
    const oldOutputs = old.outputs ?? {};
    const answer = await provider.read({
      urn,
      id: old.id ?? "",
      inputs: revealed(oldInputs),
      outputs: revealed(oldOutputs),
    });
    if (answer.id === "") {
      Object.assign(found, { state: undefined, op: "delete" });
      return;
    }
    const inputs = answer.inputs ? markSecretsLike(answer.inputs, oldInputs) : oldInputs;
    const outputs = markSecretsLike(answer.outputs ?? {}, oldOutputs);
    const { initErrors: _forgotten, ...rest } = old;
    const state: ResourceState = { ...rest, id: answer.id, inputs, outputs };
    const moved = !sameValue(inputs, oldInputs) || !sameValue(outputs, oldOutputs);
    if (moved) state.modified = this.context.now().toISOString();
    found.state = state;
    if (old.external) {
      found.op = sameValue(outputs, oldOutputs) ? "same" : "update";
      return;
    }
    // Asked the wrong way round, so that what the cloud has is the change: its state as the old one, the old inputs as the new.
    const diff = await provider.diff({
      urn,
      id: answer.id,
      oldInputs: revealed(inputs),
      oldOutputs: revealed(outputs),
      newInputs: revealed(oldInputs),
      ignoreChanges: old.ignoreChanges ?? [],
    });
    found.op = differenceOf(diff, inputs, oldInputs).changed ? "update" : "same";
  }

  #report(step: Step): void {
    const { events, preview, refreshing } = this.context;
    const op = step.op === "refresh" && refreshing ? step.found.op : step.op;
    if (isLogical(step) || (step.op === "refresh" && refreshing)) {
      const internal = isDefaultProvider(subjectOf(step));
      if (!internal) this.changes[op] = (this.changes[op] ?? 0) + 1;
    }
    // A component's outputs come later, by RegisterResourceOutputs.
    if (subjectOf(step).custom || step.op === "refresh" || step.op === "delete") {
      events.emit({ resOutputsEvent: { metadata: metadataOf(step, op), ...(preview ? { planning: true } : {}) } });
    }
  }

  #record(step: Step, operation: ResourceState | undefined): void {
    const { journal } = this.context;
    switch (step.op) {
      case "replace":
      case "refresh":
        return;
      case "same":
        if (!step.absent && !isDeepStrictEqual(step.old, step.new))
          journal.end({ replaced: step.old, state: step.new });
        else journal.note({ replaced: step.old, state: step.absent ? undefined : step.new });
        return;
      case "create-replacement": {
        const replaced = step.old.pendingReplacement ? step.old : undefined;
        journal.end({ operation, replaced, state: step.new });
        return;
      }
      case "delete":
      case "delete-replaced":
        journal.end({ operation, replaced: step.old.pendingReplacement ? undefined : step.old });
        return;
      default:
        journal.end({ operation, replaced: oldOf(step), state: newOf(step) });
        return;
    }
  }

  #failIfNotReady(state: ResourceState, initErrors: string[] | undefined): void {
    if (!initErrors) return;
    state.initErrors = initErrors;
    markSecretOutputsOf(state);
    throw new StepError(initErrorText(initErrors), { partial: true, harmless: false });
  }

  async #providerOf(state: ResourceState): Promise<Provider> {
    if (!state.provider) throw new Error(`resource ${state.urn} has no provider`);
    return this.context.providers.get(state.provider);
  }
}

const OPERATION_OF: Partial<Record<Step["op"], OperationType>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  read: "reading",
};

/** Default providers are the engine's own business and are not counted. */
export const isDefaultProvider = (state: ResourceState): boolean =>
  isProviderType(state.type) && /::default(_\w+)?$/.test(state.urn);

function markSecretOutputs(step: Step): void {
  const state = newOf(step);
  if (state && step.op !== "replace" && step.op !== "refresh") markSecretOutputsOf(state);
}

/** What the program calls secret, and what has the name of a secret input, is secret. */
function markSecretOutputsOf(state: ResourceState): void {
  const inputs: PropertyMap = state.inputs ?? {};
  if (!state.outputs) return;
  const marked = Object.entries(state.outputs).map(([key, value]) => {
    const hidden = state.additionalSecretOutputs?.includes(key) || isSecret(inputs[key]);
    return [key, hidden ? secret(value) : value] as const;
  });
  state.outputs = Object.fromEntries(marked);
}

/** The engine's own wording (github.com/hashicorp/go-multierror). */
const initErrorText = (reasons: readonly string[]): string =>
  reasons.length === 0
    ? "resource init failed"
    : `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${reasons.map((reason) => `\t* ${reason}\n`).join("")}\n`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
