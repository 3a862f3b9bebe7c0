import type { ChildProcess } from "node:child_process";
import type { EngineEvent } from "./events";
import type { DeploymentFile } from "./stand-in/state-file";

/**
 * Runs a Pulumi program: the `pulumi` command where it is installed, a stand-in elsewhere. Both answer in the same words, so
 * that one scenario can be asked of either.
 */
export interface Engine {
  readonly name: "pulumi" | "stand-in";
  /** `v3.248.0` of the command, the stand-in's own otherwise. */
  readonly version: string;
  /**
   * Runs one operation to its end. A failed operation is a result (`exitCode`), not an error.
   * @throws when the engine itself cannot be started
   */
  run(operation: Operation, workspace: Workspace): Promise<RunResult>;
  /** Starts one operation; `process` can be killed. */
  start(operation: Operation, workspace: Workspace): Promise<Run>;
  /** Lets the stack go that a killed run still holds (`pulumi cancel`). */
  cancel(workspace: Workspace): Promise<void>;
  /** The stack's state, secrets encrypted (`pulumi stack export`). */
  exportState(workspace: Workspace): Promise<DeploymentFile>;
  /** Replaces the stack's state (`pulumi stack import`). */
  importState(workspace: Workspace, state: DeploymentFile): Promise<void>;
}

export interface Run {
  /** The engine's process, for tests that kill it. */
  readonly process: ChildProcess;
  readonly result: Promise<RunResult>;
}

export const OPERATIONS = ["preview", "up", "refresh", "destroy"] as const;
export type OperationKind = (typeof OPERATIONS)[number];
export const isOperationKind = (text: string | undefined): text is OperationKind =>
  OPERATIONS.some((known) => known === text);

/** The options carry the names and meanings of the command's own. */
export interface Operation {
  kind: OperationKind;
  /** Fails the operation when there is something to change. */
  expectNoChanges?: boolean;
  /** Refreshes the state first. */
  refresh?: boolean;
  /** URNs to be replaced although nothing changed. */
  replace?: readonly string[];
  /** URNs of the only resources to touch. */
  target?: readonly string[];
  /** Steps at a time. @default 4 for each processor */
  parallel?: number;
  /** Goes on with what does not depend on what failed. */
  continueOnError?: boolean;
  /** `up` and `destroy` show a preview first and stop if that fails. @default false */
  previewFirst?: boolean;
  /** `refresh` only: forgets creates of which nothing is known. */
  clearPendingCreates?: boolean;
}

export interface Workspace {
  /** Holds Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** Directory of the state, made when missing; the engines do not share their files in it. */
  stateDir: string;
  /** Stack configuration, `namespace:key` or a bare key of the project. */
  config?: Readonly<Record<string, string>>;
  /** Configuration that is kept encrypted and shown masked. */
  secrets?: Readonly<Record<string, string>>;
  /** The engine's environment, which the program and its providers inherit. @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Called with every event as it happens. */
  onEvent?: (event: EngineEvent) => void;
  /** Interrupts the engine as ^C does: running steps end, nothing new begins. */
  signal?: AbortSignal;
}

/** One step of one resource, in the order in which they began. */
export interface RunStep {
  urn: string;
  type: string;
  name: string;
  /** `same create update delete replace create-replacement delete-replaced refresh read …`; after `refresh`, what it found. */
  op: string;
  /** `started` is left when the run ended, or the engine was killed, before the step's end was known. */
  outcome: "done" | "failed" | "started";
  id: string;
  /** Names of inputs that forced a replacement. */
  replaceKeys: string[];
}

export interface RunDiagnostic {
  severity: "info" | "info#err" | "warning" | "error";
  /** Empty: the program as a whole. */
  urn: string;
  /** Without the severity in front and without the line feed at its end. */
  message: string;
  /** Shown only while the resource is worked on. */
  ephemeral: boolean;
}

export interface RunResult {
  /** 0: as wished; anything else: not. A killed engine has `null`. */
  exitCode: number | null;
  steps: RunStep[];
  diagnostics: RunDiagnostic[];
  /** What the program exports; secrets are `[secret]`, and what is not known at a preview is `[unknown]`. */
  outputs: Record<string, unknown>;
  /** How many resources of each op, as the summary counts them. */
  changes: Record<string, number>;
  /** What the engine printed. */
  stdout: string;
  stderr: string;
}
