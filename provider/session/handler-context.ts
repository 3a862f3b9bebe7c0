import type { Settings } from "../aliyun/settings";
import type { CheckResult } from "../model/check-result";
import type { ResourceLog } from "../model/log";
import type { PlainObject } from "../model/plain";
import type { Session } from "./session";

/** What a host passes to a handler: everything that the handler knows about the engine's call. */
export interface HandlerContext {
  /** The resource's URN; empty where the host does not know it. */
  readonly urn: string;
  /** Whether the call is part of a preview. */
  readonly isPreview: boolean;
  /** The stack's configuration and the environment. */
  readonly settings: Settings;
  /** The resource's rows in the engine's log. */
  readonly log: ResourceLog;
  /** Aborts when the run is over: the engine is gone, or the process was asked to stop. */
  readonly signal: AbortSignal;
  /** What all handlers of the run share. */
  readonly session: Session;
}

/** What a resource's `diff` answers. */
export interface DiffResult {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace?: boolean;
}

/** The handlers of one resource type. Inputs and outputs have the names of the model; the host spells them as state has them. */
export interface ResourceHandlers {
  check(context: HandlerContext, olds: PlainObject, news: PlainObject): Promise<CheckResult>;
  diff(context: HandlerContext, olds: PlainObject, news: PlainObject): DiffResult;
  /** @throws InitError when something exists that state has to remember, but the wanted point was not reached */
  create(context: HandlerContext, inputs: PlainObject): Promise<{ id: string; outs: PlainObject }>;
  update(context: HandlerContext, olds: PlainObject, news: PlainObject): Promise<{ outs: PlainObject }>;
  /** A blank id: the resource leaves the state. */
  read(context: HandlerContext, id: string, props: PlainObject): Promise<{ id: string; props: PlainObject }>;
  delete(context: HandlerContext, props: PlainObject): Promise<void>;
}
