import type * as dynamic from "@pulumi/pulumi/dynamic";
import { plainErrorOf } from "../../errors/plain-error";
import { InitError } from "../../model/init-error";
import { systemClock } from "../../session/clock";
import { openSession, type Session } from "../../session/session";
import { engineOfThisProcess } from "../engine";
import { watchLifetime } from "../lifetime";

/**
 * What the handlers of all resource types share in the one process that Pulumi starts for a program's dynamic resources:
 * Node loads this module once, whichever of the package's provider modules a resource's `__provider` names.
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

/** The session of this process, opened at the first call. */
export const currentSession = (): Session => {
  const settings = { config: (key: string) => stackConfig?.get(key), env: (name: string) => process.env[name] };
  session ??= openSession(settings, engine, systemClock);
  return session;
};

/** Runs a handler. The host prints the stack of whatever is thrown, with the machine's paths; only the message may leave. */
export async function guarded<T>(handler: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await lifetime.run(handler);
  } catch (error) {
    if (error instanceof InitError) throw error;
    throw plainErrorOf(error);
  } finally {
    await engine.flush();
  }
}
