import type { OperationKind } from "../engine";
import type { DiagnosticEvent, EngineEvent, StepMetadata, SummaryEvent } from "../events";
import { UNKNOWN } from "./property-value";
import { nameOf, ROOT_STACK_TYPE, typeOf } from "./urn";

/** The texts of a step: its symbol, and its label while running, when done, and at a preview. */
const WORDS: Record<string, { sign: string; doing: string; done: string; planned: string }> = {
  create: { sign: "+ ", doing: "creating", done: "created", planned: "create" },
  update: { sign: "~ ", doing: "updating", done: "updated", planned: "update" },
  delete: { sign: "- ", doing: "deleting", done: "deleted", planned: "delete" },
  replace: { sign: "+-", doing: "replacing", done: "replaced", planned: "replace" },
  "create-replacement": {
    sign: "++",
    doing: "creating replacement",
    done: "created replacement",
    planned: "create replacement",
  },
  "delete-replaced": { sign: "--", doing: "deleting original", done: "deleted original", planned: "delete original" },
  read: { sign: "> ", doing: "reading", done: "read", planned: "read" },
  refresh: { sign: "~ ", doing: "refreshing", done: "refreshed", planned: "refresh" },
  same: { sign: "  ", doing: "unchanged", done: "unchanged", planned: "unchanged" },
};
const wordsOf = (op: string) => WORDS[op] ?? { sign: "  ", doing: op, done: op, planned: op };

const TITLES: Record<OperationKind, string> = {
  preview: "Previewing update",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};

/** Prints a run like the `pulumi` command without a terminal: a line for each status change, then the log messages. */
export class Display {
  readonly #diagnostics = new Map<string, string[]>();
  readonly #running = new Map<string, { metadata: StepMetadata; sinceMs: number }>();
  #outputs: Record<string, unknown> = {};
  #preview = false;

  constructor(
    private readonly print: (line: string) => void,
    private readonly run: { stack: string; kind: OperationKind; nowMs: () => number },
  ) {}

  add(event: EngineEvent): void {
    if (event.preludeEvent) this.#begin();
    if (event.resourcePreEvent) this.#start(event.resourcePreEvent.metadata, event.resourcePreEvent.planning === true);
    if (event.resOutputsEvent) this.#done(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent) this.#failed(event.resOpFailedEvent.metadata);
    if (event.diagnosticEvent) this.#note(event.diagnosticEvent);
    if (event.summaryEvent) this.#end(event.summaryEvent);
  }

  #begin(): void {
    const { kind, stack } = this.run;
    this.#diagnostics.clear();
    this.#running.clear();
    this.print(`${TITLES[kind]} (${stack}) with the stand-in engine, not the Pulumi command:\n`);
  }

  #start(metadata: StepMetadata, preview: boolean): void {
    this.#preview = preview;
    this.#running.set(metadata.urn, { metadata, sinceMs: this.run.nowMs() });
    const { doing, planned } = wordsOf(metadata.op);
    if (metadata.op !== "same") this.#row(metadata, preview ? planned : doing);
  }

  #done(metadata: StepMetadata): void {
    if (metadata.type === ROOT_STACK_TYPE && metadata.new) this.#outputs = metadata.new.outputs;
    const since = this.#running.get(metadata.urn)?.sinceMs;
    this.#running.delete(metadata.urn);
    if (this.#preview || metadata.op === "same" || since === undefined) return;
    const seconds = ((this.run.nowMs() - since) / 1000).toFixed(1);
    this.#row(metadata, `${wordsOf(metadata.op).done} (${seconds}s)`);
  }

  #failed(metadata: StepMetadata): void {
    this.#running.delete(metadata.urn);
    this.#row(metadata, `**${wordsOf(metadata.op).doing} failed**`);
  }

  #note(event: DiagnosticEvent): void {
    const message = `${event.severity === "info#err" ? "" : (event.prefix ?? "")}${event.message.trimEnd()}`;
    const running = event.urn ? this.#running.get(event.urn) : undefined;
    if (running && event.severity !== "error") {
      this.#row(running.metadata, `${wordsOf(running.metadata.op).doing} ${message.split("\n")[0] ?? ""}`);
    }
    if (event.ephemeral) return;
    const key = event.urn ?? "";
    this.#diagnostics.set(key, [...(this.#diagnostics.get(key) ?? []), message]);
  }

  #end(summary: SummaryEvent): void {
    if (this.#diagnostics.size > 0) this.print("Diagnostics:");
    for (const [urn, messages] of this.#diagnostics) {
      this.print(urn ? `  ${typeOf(urn)} (${nameOf(urn)}):` : `  ${ROOT_STACK_TYPE} (${this.run.stack}):`);
      for (const message of messages) this.print(`${message.replace(/^/gm, "    ")}\n`);
    }
    const outputs = Object.entries(this.#outputs);
    if (outputs.length > 0 && this.run.kind !== "destroy") {
      this.print("Outputs:");
      for (const [name, value] of outputs) this.print(`    ${name}: ${shown(value)}`);
      this.print("");
    }
    const changes = Object.entries(summary.resourceChanges);
    if (changes.length > 0) this.print("Resources:");
    for (const [op, count] of changes) this.print(`    ${this.#count(op, count)}`);
    this.print(`\nDuration: ${summary.durationSeconds}s\n`);
  }

  #count(op: string, count: number): string {
    const { sign, done, planned } = wordsOf(op);
    if (op === "same") return `${count} unchanged`;
    return `${sign.trim()} ${count} ${this.#preview ? `to ${planned}` : done}`;
  }

  #row(metadata: StepMetadata, text: string): void {
    this.print(` ${wordsOf(metadata.op).sign} ${metadata.type} ${nameOf(metadata.urn)} ${text}`);
  }
}

const shown = (value: unknown): string => text(value).replaceAll(UNKNOWN, "[unknown]");

const text = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, undefined, 2)?.replace(/\n/g, "\n    ") ?? "");
