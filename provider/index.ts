import type * as dynamic from "@pulumi/pulumi/dynamic";
import { check as checkInputs } from "./check";
import { create as createMigration } from "./create";
import { remove } from "./delete";
import { diff as diffMigration } from "./diff";
import { systemClock } from "./host/clock";
import { engineOfThisProcess } from "./host/engine";
import { InitError } from "./host/init-error";
import { watchLifetime } from "./host/lifetime";
import type { PlainObject } from "./host/plain";
import { plainErrorOf } from "./host/plain-error";
import { read as readMigration } from "./read";
import { openSession, type Session } from "./session";
import { update as updateMigration } from "./update";

/**
 * The module that `__provider` names: what Pulumi's dynamic-provider host calls. It only ties the handlers to the process
 * they run in; what they do stands in their own files.
 */

const engine = engineOfThisProcess(process.argv);
const lifetime = watchLifetime(engine, process);
let stackConfig: dynamic.Config | undefined;
let session: Session | undefined;

/**
 * Stores the configuration before anything is awaited: the host puts the provider into its cache before it waits for
 * configure, so that a second call may run while this one is under way.
 */
export async function configure(request: dynamic.ConfigureRequest): Promise<void> {
  stackConfig = request.config;
}

const currentSession = (): Session => {
  const settings = { config: (key: string) => stackConfig?.get(key), env: (name: string) => process.env[name] };
  session ??= openSession(settings, engine, systemClock);
  return session;
};

export const check = (olds: PlainObject, news: PlainObject): Promise<dynamic.CheckResult> =>
  guarded(() => checkInputs(currentSession(), olds, news));

export const diff = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.DiffResult> =>
  guarded(async () => diffMigration(currentSession(), olds, news));

export const create = (inputs: PlainObject): Promise<dynamic.CreateResult> =>
  guarded((signal) => createMigration(currentSession(), signal, inputs));

export const update = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.UpdateResult> =>
  guarded((signal) => updateMigration(currentSession(), signal, olds, news));

export const read = (id: string, props: PlainObject): Promise<dynamic.ReadResult> =>
  guarded((signal) => readMigration(currentSession(), signal, id, props));

const deleteMigration = (_id: string, props: PlainObject): Promise<void> =>
  guarded(() => remove(currentSession(), props));

export { deleteMigration as delete };

/** The host prints the stack of whatever is thrown, with the machine's paths; only the message may leave. */
async function guarded<T>(handler: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await lifetime.run(handler);
  } catch (error) {
    if (error instanceof InitError) throw error;
    throw plainErrorOf(error);
  } finally {
    await engine.flush();
  }
}
