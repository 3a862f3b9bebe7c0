import type { DiagnosticEvent, EngineEvent } from "../events";

/** Numbers the events of one run and hands them on. */
export class EventSink {
  #sequence = 0;
  #errors = 0;

  constructor(
    private readonly publish: (event: EngineEvent) => void,
    private readonly now: () => Date,
  ) {}

  /** How many errors were reported. Errors that a provider or the program logs are among them; they fail nothing. */
  get errors(): number {
    return this.#errors;
  }

  emit(event: Omit<EngineEvent, "sequence" | "timestamp">): void {
    const timestamp = Math.floor(this.now().getTime() / 1000);
    this.publish({ sequence: this.#sequence++, timestamp, ...event });
  }

  diagnostic(about: {
    severity: DiagnosticEvent["severity"];
    message: string;
    urn?: string;
    ephemeral?: boolean;
  }): void {
    if (about.severity === "error") this.#errors += 1;
    this.emit({
      diagnosticEvent: {
        ...(about.urn ? { urn: about.urn } : {}),
        ...(about.severity === "info" ? {} : { prefix: `${about.severity}: ` }),
        message: `${about.message}\n`,
        severity: about.severity,
        ...(about.ephemeral ? { ephemeral: true } : {}),
      },
    });
  }
}
