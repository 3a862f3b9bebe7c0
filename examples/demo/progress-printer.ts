import type { EngineEvent } from "../../engine/events";
import { plainText } from "./plain-text";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Prints the progress of an engine, one line for each relevant event. */
export class ProgressPrinter {
  readonly #last = new Map<string, string>();

  constructor(private readonly writeLine: (line: string) => void) {}

  heading(text: string): void {
    this.#last.clear();
    this.writeLine(`\n${text}`);
  }

  print(event: EngineEvent): void {
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

  /** Skips repeated rows: a task that runs for hours logs "Running" at every poll. */
  #line(urn: string, text: string): void {
    const name = urn.split("::").at(-1) ?? urn;
    // The output can go to a file.
    for (const line of plainText(text).split("\n")) {
      if (this.#last.get(urn) === line) continue;
      this.#last.set(urn, line);
      this.writeLine(`  ${name.padEnd(20)} ${line}`);
    }
  }
}
