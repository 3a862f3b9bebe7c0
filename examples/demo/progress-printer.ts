import { stripVTControlCharacters } from "node:util";
import type { EngineEvent } from "../../engine/events";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Tells a person what an engine is doing, a line for each thing that is worth one. */
export class Narrator {
  readonly #last = new Map<string, string>();

  constructor(private readonly print: (line: string) => void) {}

  heading(text: string): void {
    this.#last.clear();
    this.print(`\n${text}`);
  }

  tell(event: EngineEvent): void {
    if (event.resourcePreEvent) {
      const { op, urn, type } = event.resourcePreEvent.metadata;
      if (op !== "same" && type !== STACK_TYPE && !type.startsWith("pulumi:providers:"))
        this.#line(urn, `${op} ${type}`);
    }
    if (event.diagnosticEvent && event.diagnosticEvent.severity !== "debug") {
      const { urn, prefix = "", message } = event.diagnosticEvent;
      this.#line(urn || "program", `${prefix}${message}`);
    }
  }

  /** The same row twice in a row is said once: a task that runs for hours says "Running" at each look. */
  #line(urn: string, text: string): void {
    const name = urn.split("::").at(-1) ?? urn;
    // The command marks colours as <{%reset%}>; a file that this is written to wants neither kind.
    const plain = stripVTControlCharacters(text.replace(/<\{%[^%]*%\}>/g, ""));
    for (const line of plain.trim().split("\n")) {
      if (this.#last.get(urn) === line) continue;
      this.#last.set(urn, line);
      this.print(`  ${name.padEnd(20)} ${line}`);
    }
  }
}
