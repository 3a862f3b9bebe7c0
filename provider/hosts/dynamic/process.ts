import type * as dynamic from "@pulumi/pulumi/dynamic";
import type { Settings } from "../../aliyun/settings";
import { migrationError } from "../../errors/migration-error";
import { PlainError, plainErrorOf } from "../../errors/plain-error";
import { InitError } from "../../model/init-error";
import { noLog, ResourceLog } from "../../model/log";
import type { PlainObject } from "../../model/plain";
import { strayNames } from "../../model/state-format";
import { terminalText } from "../../model/terminal-text";
import { systemClock } from "../../session/clock";
import type { HandlerContext, ResourceHandlers } from "../../session/handler-context";
import { withRetryRow } from "../../session/retry-log";
import { openSession, type Session } from "../../session/session";
import { type Engine, engineOfThisProcess } from "../engine";
import { type Lifetime, watchLifetime } from "../lifetime";
import { checkAndPreview } from "./check-and-preview";
import { type HostInputs, readHostInputs, writeInputs, writeOutputs } from "./host-inputs";

/**
 * The process that Pulumi starts for a program's dynamic resources. The provider modules of this package share it and its
 * session, because Node loads this module once for all of them.
 */
class DynamicHost {
  private readonly engine: Engine;
  private readonly lifetime: Lifetime;
  private config: dynamic.Config | undefined;
  private session: Session | undefined;
  /** URNs of the resources that a program of this run has declared. */
  private readonly checked = new Set<string>();

  private readonly settings: Settings = {
    config: (key) => this.config?.get(key),
    env: (name) => this.process.env[name],
  };

  constructor(private readonly process: NodeJS.Process) {
    this.engine = engineOfThisProcess(process.argv);
    this.lifetime = watchLifetime(this.engine, process);
  }

  /**
   * Stores the configuration synchronously: Pulumi's host caches the provider before it awaits configure, so another call may
   * already run.
   */
  configure(request: dynamic.ConfigureRequest): void {
    this.config = request.config;
  }

  /** Runs a check, which the engine calls only for resources of the program. */
  check<T>(call: HostInputs, handler: (context: HandlerContext) => Promise<T>): Promise<T> {
    this.checked.add(call.urn);
    return this.run(call, handler);
  }

  /**
   * Runs a diff. A refresh calls it too, with the refreshed outputs and the recorded inputs and without a check. It compares
   * nothing of the program then, so its log is dropped.
   */
  diff<T>(call: HostInputs, handler: (context: HandlerContext) => T): Promise<T> {
    const isRefresh = !this.checked.has(call.urn);
    return this.run(call, async (context) =>
      handler(isRefresh ? { ...context, log: new ResourceLog(noLog, call.urn) } : context),
    );
  }

  /** Runs a handler. Pulumi's host prints the stack of any error, with paths of the machine, so only the message is thrown on. */
  async run<T>({ urn }: HostInputs, handler: (context: HandlerContext) => Promise<T>): Promise<T> {
    this.session ??= openSession(this.settings, this.engine, systemClock);
    const { session, settings } = this;
    const log = new ResourceLog(this.engine, urn);
    try {
      return await this.lifetime.run((signal) =>
        withRetryRow(log, () => handler({ urn, settings, log, signal, session })),
      );
    } catch (error) {
      if (!(error instanceof InitError)) throw shownError(error);
      const reasons = error.reasons.map(terminalText);
      throw new InitError(error.id, writeOutputs(error.properties, { urn }), {}, reasons, error.cause);
    } finally {
      await this.engine.flush();
    }
  }
}

const host = new DynamicHost(process);

/** Returns the provider of a resource type, which Pulumi's dynamic host calls. */
export function dynamicProvider(handlers: ResourceHandlers): dynamic.ResourceProvider {
  return {
    configure: async (request) => host.configure(request),
    async check(olds: PlainObject, news: PlainObject) {
      const stray = strayNames(news);
      if (stray.length > 0) return { inputs: news, failures: stray.map(asStrayFailure) };
      const call = readHostInputs(news);
      const before = readHostInputs(olds).members;
      const { inputs, failures } = await host.check(call, (context) =>
        call.isPreview
          ? checkAndPreview(handlers, context, before, call.members)
          : handlers.check(context, before, call.members),
      );
      const shown = failures.map((failure) => ({ ...failure, reason: terminalText(failure.reason) }));
      return { inputs: writeInputs(inputs, call), failures: shown };
    },
    diff: (_id, olds: PlainObject, news: PlainObject) => {
      const call = readHostInputs(news);
      return host.diff(call, (context) => handlers.diff(context, readHostInputs(olds).members, call.members));
    },
    async create(inputs: PlainObject) {
      const call = readHostInputs(inputs);
      const { id, outs } = await host.run(call, (context) => handlers.create(context, call.members));
      return { id, outs: writeOutputs(outs, call) };
    },
    async update(id, olds: PlainObject, news: PlainObject) {
      const call = readHostInputs(news);
      const update = (context: HandlerContext) => handlers.update(context, readHostInputs(olds).members, call.members);
      const { outs } = await host.run(call, update).catch((error: unknown) => {
        throw withOutputs(error, id, { ...olds, __provider: news.__provider });
      });
      return { outs: writeOutputs(outs, call) };
    },
    async read(id, props: PlainObject = {}) {
      const call = readHostInputs(props);
      const result = await host.run(call, (context) => handlers.read(context, id, call.members));
      return result.id === "" ? result : { id: result.id, props: writeOutputs(result.props, call) };
    },
    delete: (_id, props: PlainObject) => {
      const call = readHostInputs(props);
      return host.run(call, (context) => handlers.delete(context, call.members));
    },
  };
}

/**
 * A resource that exists fails with an init error and its recorded outputs. After a plain error the engine gives the program the
 * new inputs as outputs, as if the update had succeeded. The engine keeps the old inputs after both, so the next `up` sees the same
 * change. The outputs stay unmarked: a newer version may have written them.
 */
function withOutputs(error: unknown, id: string, outputs: PlainObject): InitError {
  if (error instanceof InitError) return error;
  return new InitError(id, outputs, {}, [shownError(error).message], error);
}

function asStrayFailure(property: string) {
  const fault = "is not an argument of this resource";
  const { message } = migrationError("INPUT_INVALID", { property, fault, remedy: "Look for a spelling mistake." });
  return { property: "", reason: terminalText(message) };
}

/** A plain error whose message the engine may print. */
function shownError(thrown: unknown): PlainError {
  const { message, cause } = plainErrorOf(thrown);
  return new PlainError(terminalText(message), cause);
}
