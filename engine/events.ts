/**
 * An event that an engine reports while it runs, one JSON object a line: Pulumi's apitype.EngineEvent
 * (sdk/go/common/apitype/events.go), limited to the members used here. Both engines write these events.
 */
export interface EngineEvent {
  sequence: number;
  /** Seconds since the epoch. */
  timestamp: number;
  preludeEvent?: { config: Record<string, string> };
  resourcePreEvent?: { metadata: StepMetadata; planning?: boolean };
  resOutputsEvent?: { metadata: StepMetadata; planning?: boolean };
  resOpFailedEvent?: { metadata: StepMetadata; status: number; steps: number };
  diagnosticEvent?: DiagnosticEvent;
  summaryEvent?: SummaryEvent;
  cancelEvent?: Record<string, never>;
}

export interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  old: StepState | null;
  new: StepState | null;
  /** Inputs that force a replacement. */
  keys?: string[];
  /** Inputs that changed. */
  diffs?: string[];
  logical?: boolean;
  provider: string;
}

/** A resource before or after a step. Secrets are masked. */
export interface StepState {
  type: string;
  urn: string;
  custom?: boolean;
  id: string;
  parent: string;
  protect?: boolean;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  provider: string;
  initErrors?: string[];
}

export interface DiagnosticEvent {
  /** Undefined for a message about the program as a whole. */
  urn?: string;
  prefix?: string;
  message: string;
  severity: string;
  /** A status message that is shown only until the next one. */
  ephemeral?: boolean;
}

export interface SummaryEvent {
  durationSeconds: number;
  resourceChanges: Record<string, number>;
  isPreview: boolean;
  result: string;
}
