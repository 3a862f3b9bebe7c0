import { randomUUID } from "node:crypto";
import { differenceOf } from "./decide";
import { markSecretsLike, revealed, sameValue, UNKNOWN } from "./property-value";
import type { Provider } from "./provider";
import type { ProviderRegistry } from "./provider-registry";
import type { ResourceState } from "./resource-state";
import { markSecretOutputs } from "./secret-outputs";
import type { Step } from "./step";
import { isProviderType } from "./urn";

/** Why a step failed. */
export interface StepFailure {
  /** Whether the resource exists and is recorded, but is not ready. */
  partial: boolean;
  /** Whether other steps continue (a protected resource that would be deleted). */
  harmless: boolean;
}

export class StepError extends Error {
  constructor(
    message: string,
    readonly failure: StepFailure,
  ) {
    super(message);
  }
}

/** Performs steps on the cloud and on their records; at a preview, only on the records. */
export class StepActions {
  constructor(
    private readonly context: {
      preview: boolean;
      providers: ProviderRegistry;
      now: () => Date;
    },
  ) {}

  /** @throws StepError for a failure with special consequences, another Error for a plain failure */
  async apply(step: Step): Promise<void> {
    switch (step.op) {
      case "same":
        step.new.id = step.old.id;
        step.new.outputs = step.old.outputs;
        // The provider keeps the old inputs, because it reported no difference for the new ones.
        if (isProviderType(step.new.type)) {
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
      // The provider has no preview, so only the inputs are known as outputs.
      state.outputs = inputs;
      return;
    }
    const provider = await this.#providerOf(state);
    const made = await provider.create({ urn: state.urn, inputs: revealed(inputs) });
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
    });
    state.outputs = markSecretsLike(made.outputs, inputs);
    state.modified = now().toISOString();
    // The resource was not updated to the new inputs, so the next run must detect the difference again.
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
    if (this.context.preview || !old.custom || old.retainOnDelete || isProviderType(old.type)) return;
    const provider = await this.#providerOf(old);
    await provider.delete({
      urn: old.urn,
      id: old.id ?? "",
      inputs: revealed(old.inputs ?? {}),
      outputs: revealed(old.outputs ?? {}),
    });
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
    // The arguments are swapped to report drift as the change: the cloud's state as the old one, the old inputs as the new ones.
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

  #failIfNotReady(state: ResourceState, initErrors: string[] | undefined): void {
    if (!initErrors) return;
    state.initErrors = initErrors;
    markSecretOutputs(state);
    throw new StepError(initErrorText(initErrors), { partial: true, harmless: false });
  }

  async #providerOf(state: ResourceState): Promise<Provider> {
    if (!state.provider) throw new Error(`resource ${state.urn} has no provider`);
    return this.context.providers.get(state.provider);
  }
}

/** The same wording as in the engine (github.com/hashicorp/go-multierror). */
const initErrorText = (reasons: readonly string[]): string =>
  reasons.length === 0
    ? "resource init failed"
    : `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${reasons.map((reason) => `\t* ${reason}\n`).join("")}\n`;
