import type { Settings } from "../aliyun/settings";
import { PlainError, plainErrorOf } from "../errors/plain-error";
import type { CheckResult } from "../model/check-result";
import { InitError } from "../model/init-error";
import { noLog, ResourceLog } from "../model/log";
import type { PlainObject } from "../model/plain";
import { terminalError } from "../model/terminal-error";
import { systemClock } from "../session/clock";
import type { HandlerContext } from "../session/handler-context";
import { withRetryRow } from "../session/retry-log";
import { openSession, type Session } from "../session/session";
import type { Engine } from "./engine";
import type { Lifetime } from "./lifetime";

/** What a runner of handlers needs of its host. */
export interface RunnerOptions {
  engine: Engine;
  lifetime: Lifetime;
  settings: Settings;
  /** @default {@link openSession} with the clock of this machine */
  openSession?: (settings: Settings, engine: Engine) => Session;
}

const openRealSession = (settings: Settings, engine: Engine): Session => openSession(settings, engine, systemClock);

/** Runs the handlers of one configuration, which share one session. */
export class HandlerRunner {
  private session: Session | undefined;
  /** URNs of the resources that a program of this run has declared. */
  private readonly checked = new Set<string>();

  constructor(private readonly options: RunnerOptions) {}

  get settings(): Settings {
    return this.options.settings;
  }

  /** Runs a check, which the engine calls only for resources of the program. */
  async check(urn: string, handler: (context: HandlerContext) => Promise<CheckResult>): Promise<CheckResult> {
    this.checked.add(urn);
    const { inputs, failures } = await this.run(urn, handler);
    return { inputs, failures: failures.map((failure) => ({ ...failure, reason: terminalError(failure.reason) })) };
  }

  /**
   * Runs a diff. A refresh calls it too, with the refreshed outputs and the recorded inputs and without a check. It compares
   * nothing of the program then, so its log is dropped.
   */
  diff<T>(urn: string, handler: (context: HandlerContext) => T): Promise<T> {
    const isRefresh = !this.checked.has(urn);
    return this.run(urn, async (context) => handler(isRefresh ? withoutLog(context) : context));
  }

  /**
   * Runs a handler. Of an error only the message is thrown on: a host may print the stack, with paths of the machine.
   * @param write converts the outputs of an init error to their form in the state
   */
  async run<T>(
    urn: string,
    handler: (context: HandlerContext) => Promise<T>,
    write: (outputs: PlainObject) => PlainObject = (outputs) => outputs,
  ): Promise<T> {
    const { engine, lifetime, settings, openSession = openRealSession } = this.options;
    this.session ??= openSession(settings, engine);
    const { session } = this;
    const log = new ResourceLog(engine, urn);
    try {
      return await lifetime.run((signal) => withRetryRow(log, () => handler({ urn, settings, log, signal, session })));
    } catch (error) {
      if (!(error instanceof InitError)) throw shownError(error);
      const reasons = error.reasons.map(terminalError);
      throw new InitError(error.id, write(error.properties), {}, reasons, error.cause);
    } finally {
      await engine.flush();
    }
  }
}

/** The same context, whose entries are dropped. */
export const withoutLog = (context: HandlerContext): HandlerContext => ({
  ...context,
  log: new ResourceLog(noLog, context.urn),
});

/** A plain error whose message the engine may print. */
export function shownError(thrown: unknown): PlainError {
  const { message, cause } = plainErrorOf(thrown);
  return new PlainError(terminalError(message), cause);
}

/**
 * A resource that exists fails with an init error and its recorded outputs. After a plain error the engine gives the program the
 * new inputs as outputs, as if the update had succeeded. The engine keeps the old inputs after both, so the next `up` sees the same
 * change. The outputs stay unmarked: a newer version may have written them.
 */
export function withRecordedOutputs(error: unknown, id: string, outputs: PlainObject): InitError {
  if (error instanceof InitError) return error;
  return new InitError(id, outputs, {}, [shownError(error).message], error);
}
