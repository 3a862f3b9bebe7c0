import { isDeepStrictEqual } from "node:util";
import type { EventSink } from "./event-sink";
import type { OperationType, ResourceState } from "./resource-state";
import { markSecretOutputs } from "./secret-outputs";
import type { SnapshotJournal } from "./snapshot-journal";
import { isLogical, metadataOf, newOf, oldOf, replyOf, type Step, subjectOf } from "./step";
import { type StepActions, StepError, type StepFailure } from "./step-actions";
import { isProviderType } from "./urn";

/** Runs one step: publishes events, journals it, performs it, records the result and replies to the program. */
export class StepRunner {
  /** Number of steps for each op, for the summary. */
  readonly changes: Record<string, number> = {};

  constructor(
    private readonly context: {
      preview: boolean;
      /** Whether the operation is a refresh, whose summary counts the results found. */
      refreshing: boolean;
      actions: StepActions;
      events: EventSink;
      journal: SnapshotJournal;
    },
  ) {}

  /** Never throws; it reports and records a failure. */
  async run(step: Step): Promise<StepFailure | undefined> {
    const { actions, events, journal, preview } = this.context;
    const operation = OPERATION_OF[step.op];
    const subject = subjectOf(step);
    events.emit({ resourcePreEvent: { metadata: metadataOf(step), ...(preview ? { planning: true } : {}) } });
    if (operation) journal.begin(operation, subject);
    try {
      await actions.apply(step);
      const state = newOf(step);
      // The create of a replacement owns its record. A refreshed record is marked like the one that it replaces.
      if (state && step.op !== "replace" && step.op !== "refresh") markSecretOutputs(state);
      this.#report(step);
      this.#record(step, operation ? subject : undefined);
      replyOf(step)?.({ state: newOf(step) ?? subject, result: "success" });
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

  #report(step: Step): void {
    const { events, preview, refreshing } = this.context;
    const op = step.op === "refresh" && refreshing ? step.found.op : step.op;
    if (isLogical(step) || (step.op === "refresh" && refreshing)) {
      const internal = isDefaultProvider(subjectOf(step));
      if (!internal) this.changes[op] = (this.changes[op] ?? 0) + 1;
    }
    // A component's outputs arrive later in RegisterResourceOutputs.
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
        if (!isDeepStrictEqual(step.old, step.new)) journal.end({ replaced: step.old, state: step.new });
        else journal.note({ replaced: step.old, state: step.new });
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
};

/** Default providers are internal to the engine and not counted. */
const isDefaultProvider = (state: ResourceState): boolean =>
  isProviderType(state.type) && /::default(_\w+)?$/.test(state.urn);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
