import type { DiagnosticEvent, EngineEvent } from "../events";

/** Numbers the events of one run and publishes them. */
export class EventSink {
  #sequence = 0;

  constructor(
    private readonly publish: (event: EngineEvent) => void,
    private readonly now: () => Date,
  ) {}

  emit(event: Omit<EngineEvent, "sequence" | "timestamp">): void {
    const timestamp = Math.floor(this.now().getTime() / 1000);
    this.publish({ sequence: this.#sequence++, timestamp, ...event });
  }

  diagnostic(row: { severity: DiagnosticEvent["severity"]; message: string; urn?: string; ephemeral?: boolean }): void {
    this.emit({
      diagnosticEvent: {
        ...(row.urn ? { urn: row.urn } : {}),
        ...(row.severity === "info" ? {} : { prefix: `${row.severity}: ` }),
        message: `${row.message}\n`,
        severity: row.severity,
        ...(row.ephemeral ? { ephemeral: true } : {}),
      },
    });
  }
}
