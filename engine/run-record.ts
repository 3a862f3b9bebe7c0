import type { RunDiagnostic, RunResult, RunStep } from "./engine";
import type { DiagnosticEvent, EngineEvent, StepMetadata } from "./events";

const SEVERITIES = ["info", "info#err", "warning", "error"] as const;
const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";
/** Marks an object with a special meaning; in events only secrets (apitype.Secret). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Replaces the markers of the event with `[secret]` and `[unknown]`. */
function shown(value: unknown): unknown {
  if (value === UNKNOWN) return "[unknown]";
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  return SIGNATURE_KEY in value ? "[secret]" : withMarks({ ...value });
}

const withMarks = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shown(value)]));

/** Collects the events of one run, in order, into its result. It ignores unknown events of newer engines. */
export class RunRecord {
  readonly #steps: RunStep[] = [];
  readonly #diagnostics: RunDiagnostic[] = [];
  #outputs: Record<string, unknown> = {};
  #changes: Record<string, number> = {};

  add(event: EngineEvent): void {
    // A new phase begins; the steps of the preview before it are not part of the result.
    if (event.preludeEvent) this.#steps.splice(0);
    if (event.resourcePreEvent) this.#begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent) this.#end(event.resOutputsEvent.metadata, "done");
    if (event.resOpFailedEvent) this.#end(event.resOpFailedEvent.metadata, "failed");
    if (event.diagnosticEvent) this.#note(event.diagnosticEvent);
    if (event.summaryEvent) this.#changes = event.summaryEvent.resourceChanges;
  }

  result(ended: Pick<RunResult, "exitCode" | "stdout" | "stderr">): RunResult {
    return {
      ...ended,
      steps: this.#steps,
      diagnostics: this.#diagnostics,
      outputs: this.#outputs,
      changes: this.#changes,
    };
  }

  #begin(metadata: StepMetadata): void {
    this.#steps.push({
      urn: metadata.urn,
      type: metadata.type,
      name: metadata.urn.split("::").slice(3).join("::"),
      op: metadata.op,
      outcome: "started",
      id: metadata.new?.id || metadata.old?.id || "",
      replaceKeys: metadata.keys ?? [],
    });
  }

  #end(metadata: StepMetadata, outcome: RunStep["outcome"]): void {
    const open = this.#steps.filter((step) => step.urn === metadata.urn);
    // A refresh step ends with the op that it found.
    const step =
      open.find((candidate) => candidate.op === metadata.op) ??
      open.find((candidate) => candidate.op === "refresh" && candidate.outcome === "started");
    if (step) Object.assign(step, { op: metadata.op, outcome, id: metadata.new?.id || step.id });
    if (metadata.type === ROOT_STACK_TYPE && metadata.new) {
      this.#outputs = withMarks(metadata.new.outputs);
    }
  }

  #note(event: DiagnosticEvent): void {
    const severity = SEVERITIES.find((known) => known === event.severity);
    if (severity === undefined) return; // a debug row
    this.#diagnostics.push({
      severity,
      urn: event.urn ?? "",
      message: event.message.replace(/\n$/, ""),
      ephemeral: event.ephemeral ?? false,
    });
  }
}
