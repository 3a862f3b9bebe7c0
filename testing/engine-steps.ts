import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { check } from "../provider/handlers/check";
import { create } from "../provider/handlers/create";
import { diff } from "../provider/handlers/diff";
import { update } from "../provider/handlers/update";
import { InitError } from "../provider/model/init-error";
import { type Log, ResourceLog, type Severity, textOf } from "../provider/model/log";
import type { PlainObject } from "../provider/model/plain";
import { type Clock, systemClock } from "../provider/session/clock";
import type { DiffResult, HandlerContext } from "../provider/session/handler-context";
import { openSession, type Session, type SessionTuning } from "../provider/session/session";
import { PluginSteps } from "./plugin-steps";
import type { ResourceHost } from "./resource-host";

/** A substitute for the serialized provider that Pulumi's host loads. */
export const PROVIDER_MARK = "exports.handler=()=>({})";

/** One message that a handler sent to the engine's log. */
export interface LogRow {
  kind: Severity;
  urn: string | undefined;
  message: string;
}

/** The state of one resource after a step, with the messages of the step. */
export interface Recorded {
  id: string;
  inputs: PlainObject;
  outputs: PlainObject;
  /** Set when the step ended with an init error: the state is kept and the next `up` calls update. */
  failed?: InitError;
  log: LogRow[];
}

export interface Previewed {
  failures: string[];
  inputs: PlainObject;
  /** The difference to the recorded state; undefined for a new resource. */
  diff?: DiffResult;
  log: LogRow[];
}

/** A provider process: the session that its handlers share, and its log. */
export interface ProviderProcess {
  session: Session;
  log: LogRow[];
  /** Set where the resources are those of the native plugin. */
  plugin?: PluginSteps;
}

/** The environment of a provider process. It is plain JSON, so that it can be sent to another process. */
export interface ProcessWorld {
  env: Record<string, string>;
  config: Record<string, string>;
  tuning: SessionTuning;
  /** @default dynamic */
  host?: ResourceHost;
}

export function openProcess({ env, config, tuning, host }: ProcessWorld, clock: Clock = systemClock): ProviderProcess {
  const log: LogRow[] = [];
  const rows: Log = { write: (entry) => log.push({ kind: entry.severity, urn: entry.urn, message: textOf(entry) }) };
  const settings = { config: (key: string) => config[key], env: (name: string) => env[name] };
  const session = openSession(settings, rows, clock, tuning);
  if (host !== "native") return { session, log };
  return { session, log, plugin: new PluginSteps(session, rows, { env, region: config["alicloud:region"] }) };
}

/** The call of a handler, as a host opens it: a dynamic resource's own inputs name the URN. */
export function callOf(
  { session }: ProviderProcess,
  props: PlainObject,
  signal: AbortSignal = new AbortController().signal,
): { context: HandlerContext; members: PlainObject; restore: (members: PlainObject) => PlainObject } {
  const { resourceUrn, preview, ...members } = props;
  const urn = typeof resourceUrn === "string" ? resourceUrn : "";
  const { settings } = session;
  const log = new ResourceLog(session.log, urn);
  const context = { urn, settings, log, signal, session };
  const own = { ...(urn === "" ? {} : { resourceUrn: urn }), ...(preview === true ? { preview } : {}) };
  return { context, members, restore: (answer) => ({ ...answer, ...own }) };
}

/** Runs check and diff. `wanted` contains the arguments of the program, as the engine passes them to check. */
export async function previewStep(process: ProviderProcess, wanted: PlainObject, prior?: Recorded): Promise<Previewed> {
  const { log, plugin } = process;
  const call = callOf(process, wanted);
  const olds = prior?.inputs ?? {};
  const checked = plugin ? await plugin.check(olds, wanted) : await check(call.context, olds, call.members);
  const failures = checked.failures.map(({ reason }) => reason);
  const inputs = plugin ? checked.inputs : call.restore(checked.inputs);
  // The host converts the inputs to a Struct, which throws for undefined and bigint members.
  Struct.fromJavaScript(inputs as Parameters<typeof Struct.fromJavaScript>[0]);
  if (failures.length > 0 || prior === undefined) return { failures, inputs, log };
  const difference = plugin ? await plugin.diff(prior, inputs) : diff(call.context, prior.outputs, checked.inputs);
  return { failures, inputs, diff: difference, log };
}

/** Runs check, diff, then create or update. It catches only init errors. */
export async function upStep(
  process: ProviderProcess,
  wanted: PlainObject,
  prior?: Recorded,
  signal?: AbortSignal,
): Promise<Recorded> {
  const previewed = await previewStep(process, wanted, prior);
  const { inputs, log } = previewed;
  if (previewed.failures.length > 0) throw new Error(`check failed: ${previewed.failures.join("\n")}`);
  if (previewed.diff !== undefined && previewed.diff.replaces.length > 0) {
    throw new Error(`the step would replace the resource because of ${previewed.diff.replaces}`);
  }
  // After an init error the engine calls update even when diff reports no change.
  if (prior !== undefined && previewed.diff?.changes === false && prior.failed === undefined) {
    return { ...prior, inputs, log };
  }
  return applyStep(process, inputs, prior, signal);
}

/** Calls create or update as the host does. */
export async function applyStep(
  process: ProviderProcess,
  inputs: PlainObject,
  prior?: Recorded,
  signal: AbortSignal = new AbortController().signal,
): Promise<Recorded> {
  const { log, plugin } = process;
  const { context, members, restore } = callOf(process, inputs, signal);
  try {
    if (plugin) return { ...(await plugin.apply(inputs, prior, signal)), inputs, log };
    const done =
      prior === undefined
        ? await create(context, members)
        : { id: prior.id, ...(await update(context, prior.outputs, members)) };
    return { id: done.id, inputs, outputs: restore({ ...done.outs, __provider: PROVIDER_MARK }), log };
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    return { id: error.id, inputs, outputs: plugin ? error.properties : restore(error.properties), failed: error, log };
  }
}
