import { isDeepStrictEqual } from "node:util";
import type { EventSink } from "./event-sink";
import type { OperationType, ResourceState } from "./resource-state";
import { markSecretOutputs } from "./secret-outputs";
import type { SnapshotJournal } from "./snapshot-journal";
import { isLogical, metadataOf, newOf, oldOf, type Step, settleOf, subjectOf } from "./step";
import { type StepActions, StepError, type StepFailure } from "./step-actions";
import { isProviderType } from "./urn";

/** Does one step: says so, notes it in the journal, has it done, records what came of it, answers the program. */
export class StepRunner {
  /** Steps of each op, as the summary counts them. */
  readonly changes: Record<string, number> = {};

  constructor(
    private readonly context: {
      preview: boolean;
      /** Whether the whole operation is a refresh: then what it found counts. */
      refreshing: boolean;
      actions: StepActions;
      events: EventSink;
      journal: SnapshotJournal;
    },
  ) {}

  /** Never throws; a failure has been reported and recorded. */
  async run(step: Step): Promise<StepFailure | undefined> {
    const { actions, events, journal, preview } = this.context;
    const operation = OPERATION_OF[step.op];
    const subject = subjectOf(step);
    events.emit({ resourcePreEvent: { metadata: metadataOf(step), ...(preview ? { planning: true } : {}) } });
    if (operation) journal.begin(operation, subject);
    try {
      await actions.apply(step);
      const state = newOf(step);
      // A replacement's record belongs to its create; what a refresh found was marked like the record that it replaces.
      if (state && step.op !== "replace" && step.op !== "refresh") markSecretOutputs(state);
      this.#report(step);
      this.#record(step, operation ? subject : undefined);
      settleOf(step)?.({ state: newOf(step) ?? subject, result: "success" });
      return actions.tookHookFailure(subject) ? { partial: false, harmless: false } : undefined;
    } catch (error) {
      const failure = error instanceof StepError ? error.failure : { partial: false, harmless: false };
      events.diagnostic({ severity: "error", urn: subject.urn, message: messageOf(error) });
      events.emit({ resOpFailedEvent: { metadata: metadataOf(step), status: 0, steps: 0 } });
      if (failure.partial) this.#record(step, subject);
      else journal.end({ operation: operation && subject });
      return failure;
    }
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
