import { checkDeferring, createDeferring, updateDeferring } from "../../../provider/handlers/deferral";
import { diff } from "../../../provider/handlers/diff";
import { read } from "../../../provider/handlers/read";
import { checkAndPreview } from "../../../provider/hosts/dynamic/check-and-preview";
import { InitError } from "../../../provider/model/init-error";
import { MEMBER_PROGRESS } from "../../../provider/model/member-progress";
import { parseOutcomeOutputs } from "../../../provider/model/outcome";
import { type PlainObject, toPlain } from "../../../provider/model/plain";
import { MIGRATION_TYPE, OUTCOME_TYPE } from "../../../provider/model/provider-text";
import { completeOutcome } from "../../../provider/outcome/complete-outcome";
import { outcomeHandlers } from "../../../provider/outcome/outcome-handlers";
import { diffOutcome } from "../../../provider/outcome/plan-outcome";
import { readOutcome } from "../../../provider/outcome/read-outcome";
import { callOf, type Fixture, PROVIDER_MARK, type ProviderProcess, type Recorded } from "../../../testing/fixture";

const PARENT = "urn:pulumi:test::demo::sqlserver-migration:index:InstanceMigration$";
export const OUTCOME_URN = `${PARENT}${OUTCOME_TYPE}::erp-outcome`;
export const COMPONENT_URN = "urn:pulumi:test::demo::sqlserver-migration:index:InstanceMigration::erp";
export const urnOf = (database: string): string => `${PARENT}${MIGRATION_TYPE}::erp-${database}`;

/** The program's arguments of each database, by name, and of the outcome. */
export interface InstanceArgs {
  databases: Record<string, PlainObject>;
  outcome?: PlainObject;
}

/** The recorded state of an instance. */
export interface RecordedInstance {
  members: Record<string, Recorded>;
  outcome?: Recorded;
}

/** The results of a run. */
export interface InstanceRun {
  /** The failures of the outcome's check. */
  failures: string[];
  /** Resources that an update would change or has changed, unordered; `outcome` for the outcome. */
  touched: string[];
  log: ProviderProcess["log"];
  recorded: RecordedInstance;
}

/** Number of steps that the engine runs in parallel. */
const SLOTS = 8;

/**
 * Acts like the engine for the migrations of one instance and their outcome: runs check, diff and step of the migrations in
 * parallel, then those of the outcome, with the migrations' outputs as its members.
 */
export async function runInstance(
  fixture: Fixture,
  args: InstanceArgs,
  options: { preview?: boolean; prior?: RecordedInstance; process?: ProviderProcess; ending?: AbortController } = {},
): Promise<InstanceRun> {
  const { preview = false, prior = { members: {} }, process = fixture.process() } = options;
  const { log } = process;
  const { signal } = options.ending ?? new AbortController();
  const recorded: RecordedInstance = { members: {} };
  const touched: string[] = [];

  const step = async (database: string): Promise<void> => {
    const known = prior.members[database];
    const declared = fixture.args({
      ...{ databaseName: database, deferred: true, wait: "submitted", resourceUrn: urnOf(database) },
      ...args.databases[database],
    });
    const { context, members, restore } = callOf(process, declared, signal);
    const checked = await checkDeferring(context, known?.inputs ?? {}, members);
    const inputs = restore(checked.inputs);
    const changes = known === undefined || diff(context, known.outputs, checked.inputs).changes;
    if (changes) touched.push(database);
    if (!changes || preview) {
      const outputs = changes ? { ...inputs, status: UNKNOWN } : (known?.outputs ?? {});
      recorded.members[database] = { id: known?.id ?? "", inputs, outputs, log };
      return;
    }
    const done =
      known === undefined
        ? await createDeferring(context, checked.inputs)
        : { id: known.id, ...(await updateDeferring(context, known.outputs, checked.inputs)) };
    recorded.members[database] = {
      id: done.id,
      inputs,
      outputs: restore({ ...done.outs, __provider: PROVIDER_MARK }),
      log,
    };
  };
  const waiting = Object.keys(args.databases);
  await Promise.all(
    Array.from({ length: SLOTS }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await step(next);
    }),
  );

  const { instanceId, bucket } = fixture.emulator;
  const call = callOf(
    process,
    {
      ...{
        instanceId,
        bucket,
        pollInterval: "50ms",
        timeout: "20s",
        resourceUrn: OUTCOME_URN,
        __provider: PROVIDER_MARK,
      },
      ...args.outcome,
      ...(preview ? { preview } : {}),
      members: Object.keys(args.databases).map((database) =>
        memberOf(database, recorded.members[database]?.outputs ?? {}),
      ),
    },
    signal,
  );
  const checked = preview
    ? await checkAndPreview(outcomeHandlers, call.context, {}, call.members)
    : await outcomeHandlers.check(call.context, {}, call.members);
  const failures = checked.failures.map(({ reason }) => reason);
  const changes =
    prior.outcome?.failed !== undefined || prior.outcome === undefined
      ? true
      : diffOutcome(prior.outcome.outputs, checked.inputs).changes;
  if (changes && failures.length === 0) touched.push("outcome");
  if (preview || failures.length > 0 || !changes) {
    return { failures, touched, log, recorded: { ...recorded, outcome: prior.outcome } };
  }
  recorded.outcome = await runOutcomeStep(process, call.restore(checked.inputs), signal, prior.outcome);
  return { failures, touched, log, recorded };
}

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Returns a member from a migration's outputs, as the resource class does. */
const memberOf = (database: string, outputs: PlainObject): PlainObject => {
  const progress = Object.fromEntries(MEMBER_PROGRESS.map((member) => [member, outputs[member]]));
  const { objectKey, objectCrc64, checkDb } = outputs;
  return toPlain({ name: `erp-${database}`, database, ...progress, objectKey, uploadedCrc64: objectCrc64, checkDb });
};

async function runOutcomeStep(
  process: ProviderProcess,
  inputs: PlainObject,
  signal: AbortSignal,
  prior?: Recorded,
): Promise<Recorded> {
  const { log } = process;
  const { context, members, restore } = callOf(process, inputs, signal);
  try {
    const recorded = prior === undefined ? [] : parseOutcomeOutputs(prior.outputs).summary;
    const { id, outs } = await completeOutcome(context, members, recorded);
    return { id, inputs, outputs: restore({ ...outs, __provider: PROVIDER_MARK }), log };
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    return { id: error.id, inputs, outputs: error.properties, failed: error, log };
  }
}

/** `pulumi refresh`; like the engine, drops init errors. */
export async function refreshInstance(fixture: Fixture, known: RecordedInstance): Promise<RecordedInstance> {
  const process = fixture.process();
  const { log } = process;
  const members: Record<string, Recorded> = {};
  await Promise.all(
    Object.entries(known.members).map(async ([database, recorded]) => {
      const call = callOf(process, recorded.outputs);
      const { id, props } = await read(call.context, recorded.id, call.members);
      if (id !== "") members[database] = { id, inputs: recorded.inputs, outputs: call.restore(props), log };
    }),
  );
  if (known.outcome === undefined) return { members };
  const call = callOf(process, known.outcome.outputs);
  const { id, props } = await readOutcome(call.context, known.outcome.id, call.members);
  if (id === "") return { members };
  return { members, outcome: { id, inputs: known.outcome.inputs, outputs: call.restore(props), log } };
}
