import type { Settings } from "../aliyun/settings";
import type { CheckResult } from "../model/check-result";
import type { ResourceLog } from "../model/log";
import type { PlainObject } from "../model/plain";
import type { Session } from "./session";

/** The context of one engine call, which a host passes to a handler. */
export interface HandlerContext {
  /** The resource's URN; empty where the host does not know it. */
  readonly urn: string;
  /** The stack's configuration and the environment. */
  readonly settings: Settings;
  /** The resource's rows in the engine's log. */
  readonly log: ResourceLog;
  /** Aborts when the run ends: the engine has exited, or the process received a stop signal. */
  readonly signal: AbortSignal;
  /** The shared state of all handlers of the run. */
  readonly session: Session;
}

/** The result of a resource's `diff`. */
export interface DiffResult {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace?: boolean;
}

/** A resource that existed before the program declared it. */
export interface ImportedResource {
  id: string;
  /** The arguments with which a program declares it. */
  inputs: PlainObject;
  outs: PlainObject;
}

/** The handlers of one resource type. Inputs and outputs have the model's names; the host converts them from and to the state's names. */
export interface ResourceHandlers {
  check(context: HandlerContext, olds: PlainObject, news: PlainObject): Promise<CheckResult>;
  /**
   * What a preview adds to `check`, whose inputs it gets: facts that an update would only repeat. Sends no request that changes
   * anything. @throws MigrationError when the update would fail
   */
  preview?(context: HandlerContext, inputs: PlainObject): Promise<void>;
  diff(context: HandlerContext, olds: PlainObject, news: PlainObject): DiffResult;
  /** @throws InitError when something exists that the state must keep, but the migration did not reach the requested point */
  create(context: HandlerContext, inputs: PlainObject): Promise<{ id: string; outs: PlainObject }>;
  update(context: HandlerContext, olds: PlainObject, news: PlainObject): Promise<{ outs: PlainObject }>;
  /** An empty id removes the resource from the state. */
  read(context: HandlerContext, id: string, props: PlainObject): Promise<{ id: string; props: PlainObject }>;
  /** Finds a resource by its id alone; read-only. Absent: such a resource cannot be imported. */
  import?(context: HandlerContext, id: string): Promise<ImportedResource>;
  delete(context: HandlerContext, props: PlainObject): Promise<void>;
}
