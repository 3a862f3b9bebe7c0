import type { ChildProcess } from "node:child_process";
import type { EngineEvent } from "./events";
import type { DeploymentFile } from "./stand-in/state-file";

/**
 * Runs a Pulumi program with the `pulumi` command if it is installed, else with a stand-in. Both return the same results, so that
 * a scenario runs on either.
 */
export interface Engine {
  readonly name: "pulumi" | "stand-in";
  /** The version of the command, such as `v3.248.0`, or of the stand-in. */
  readonly version: string;
  /**
   * Runs one operation until it ends. A failed operation is a result (`exitCode`), not an error.
   * @throws Error when the engine itself cannot be started
   */
  run(operation: Operation, workspace: Workspace): Promise<RunResult>;
  /** Starts one operation; `process` can be killed. */
  start(operation: Operation, workspace: Workspace): Promise<Run>;
  /** Releases the lock that a killed run left on the stack (`pulumi cancel`). */
  cancel(workspace: Workspace): Promise<void>;
  /** The stack's state with encrypted secrets (`pulumi stack export`). */
  exportState(workspace: Workspace): Promise<DeploymentFile>;
  /** Replaces the stack's state (`pulumi stack import`). */
  importState(workspace: Workspace, state: DeploymentFile): Promise<void>;
}

export interface Run {
  /** The engine's process, for tests that kill it. */
  readonly process: ChildProcess;
  readonly result: Promise<RunResult>;
}

const OPERATIONS = ["preview", "up", "refresh", "destroy"] as const;
export type OperationKind = (typeof OPERATIONS)[number];
export const isOperationKind = (text: string | undefined): text is OperationKind =>
  OPERATIONS.some((known) => known === text);

/** The options have the names and meanings of the command's options. */
export interface Operation {
  kind: OperationKind;
  /** Fails the operation when it would change something. */
  expectNoChanges?: boolean;
  /** Refreshes the state first. */
  refresh?: boolean;
  /** URNs to replace although nothing changed. */
  replace?: readonly string[];
  /** `up` and `destroy` show a preview first and stop if that fails. @default false */
  previewFirst?: boolean;
  /** `refresh` only: removes pending creates with an unknown result. */
  clearPendingCreates?: boolean;
  /** Directory of a policy pack that the resources must satisfy. Only the command supports it. */
  policyPack?: string;
  /** Starts the steps that do not depend on a failed one, and stores the outputs of the program. Only the command supports it. */
  continueOnError?: boolean;
  /** Number of steps at a time. Only the command supports it. @default the engine's own */
  parallel?: number;
}

export interface Workspace {
  /** The directory of Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** Directory of the state, created when missing. Each engine has its own files in it. */
  stateDir: string;
  /** Stack configuration, `namespace:key` or a bare key of the project. */
  config?: Readonly<Record<string, string>>;
  /** Configuration that is stored encrypted and displayed masked. */
  secrets?: Readonly<Record<string, string>>;
  /** The engine's environment, which the program and its providers inherit. @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Called with every event as it happens. */
  onEvent?: (event: EngineEvent) => void;
  /** Interrupts the engine like ^C: running steps complete, no new step begins. */
  signal?: AbortSignal;
}

/** One step of one resource, in the order in which they began. */
export interface RunStep {
  urn: string;
  type: string;
  name: string;
  /** `same create update delete replace create-replacement delete-replaced refresh read …`; after `refresh`, the result that it found. */
  op: string;
  /** Stays `started` when the run ended or the engine was killed before the step completed. */
  outcome: "done" | "failed" | "started";
  id: string;
  /** Names of inputs that forced a replacement. */
  replaceKeys: string[];
}

export interface RunDiagnostic {
  severity: "info" | "info#err" | "warning" | "error";
  /** Empty for a message about the program as a whole. */
  urn: string;
  /** Without the severity prefix and the trailing line feed. */
  message: string;
  /** Shown only while the resource is in progress. */
  ephemeral: boolean;
}

export interface RunResult {
  /** 0 on success, another number on failure, `null` for a killed engine. */
  exitCode: number | null;
  steps: RunStep[];
  diagnostics: RunDiagnostic[];
  /** The exports of the program. Secrets are `[secret]`; values unknown at a preview are `[unknown]`. */
  outputs: Record<string, unknown>;
  /** Number of resources for each op, from the summary. */
  changes: Record<string, number>;
  /** The output of the engine. */
  stdout: string;
  stderr: string;
}
