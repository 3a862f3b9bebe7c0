import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { check } from "../provider/handlers/check";
import { create } from "../provider/handlers/create";
import { diff } from "../provider/handlers/diff";
import { update } from "../provider/handlers/update";
import { InitError } from "../provider/model/init-error";
import { type Log, ResourceLog, type Severity, textOf } from "../provider/model/log";
import type { PlainObject } from "../provider/model/plain";
import { systemClock } from "../provider/session/clock";
import type { DiffResult, HandlerContext } from "../provider/session/handler-context";
import { openSession, type Session, type SessionTuning } from "../provider/session/session";

/** Stands for the text by which Pulumi's host finds the provider. */
export const PROVIDER_MARK = "exports.handler=()=>({})";

/** One row that a handler sent to the engine's log. */
export interface LogRow {
  kind: Severity;
  urn: string | undefined;
  message: string;
}

/** What state holds of one resource after a step, and what the step said. */
export interface Recorded {
  id: string;
  inputs: PlainObject;
  outputs: PlainObject;
  /** The step ended with an init error: state is kept and the next `up` calls update. */
  failed?: InitError;
  log: LogRow[];
}

export interface Previewed {
  failures: string[];
  inputs: PlainObject;
  /** Of a resource that state knows. */
  diff?: DiffResult;
  log: LogRow[];
}

/** One provider process: what its handlers share, and what it logged. */
export interface ProviderProcess {
  session: Session;
  log: LogRow[];
}

/** What a provider process knows of the world; JSON, so that it can be another process. */
export interface ProcessWorld {
  env: Record<string, string>;
  config: Record<string, string>;
  tuning: SessionTuning;
}

export function openProcess({ env, config, tuning }: ProcessWorld): ProviderProcess {
  const log: LogRow[] = [];
  const rows: Log = { write: (entry) => log.push({ kind: entry.severity, urn: entry.urn, message: textOf(entry) }) };
  const settings = { config: (key: string) => config[key], env: (name: string) => env[name] };
  return { session: openSession(settings, rows, systemClock, tuning), log };
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
  const context = { urn, isPreview: preview === true, settings, log, signal, session };
  const own = { ...(urn === "" ? {} : { resourceUrn: urn }), ...(preview === true ? { preview } : {}) };
  return { context, members, restore: (answer) => ({ ...answer, ...own }) };
}

/** `wanted` are the arguments of the program, as the engine hands them to check. */
export async function previewStep(process: ProviderProcess, wanted: PlainObject, prior?: Recorded): Promise<Previewed> {
  const { log } = process;
  const call = callOf(process, wanted);
  const checked = await check(call.context, prior?.inputs ?? {}, call.members);
  const failures = checked.failures.map(({ reason }) => reason);
  const inputs = call.restore(checked.inputs);
  // The host sends them on so, and fails over a member that is undefined or a bigint.
  Struct.fromJavaScript(inputs as Parameters<typeof Struct.fromJavaScript>[0]);
  if (failures.length > 0 || prior === undefined) return { failures, inputs, log };
  return { failures, inputs, diff: diff(call.context, prior.outputs, checked.inputs), log };
}

/** Check, diff, then create or update. Nothing but init errors is caught. */
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
    throw new Error(`would replace because of ${previewed.diff.replaces}`);
  }
  // An init error makes the engine call update even where diff sees no change.
  if (prior !== undefined && previewed.diff?.changes === false && prior.failed === undefined) {
    return { ...prior, inputs, log };
  }
  return applyStep(process, inputs, prior, signal);
}

/** Create or update, as the host calls it. */
export async function applyStep(
  process: ProviderProcess,
  inputs: PlainObject,
  prior?: Recorded,
  signal: AbortSignal = new AbortController().signal,
): Promise<Recorded> {
  const { log } = process;
  const { context, members, restore } = callOf(process, inputs, signal);
  try {
    const done =
      prior === undefined
        ? await create(context, members)
        : { id: prior.id, ...(await update(context, prior.outputs, members)) };
    return { id: done.id, inputs, outputs: restore({ ...done.outs, __provider: PROVIDER_MARK }), log };
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    return { id: error.id, inputs, outputs: restore(error.properties), failed: error, log };
  }
}
