import type { Settings } from "../../aliyun/settings";
import { migrationError } from "../../errors/migration-error";
import type { CheckResult } from "../../model/check-result";
import type { PlainObject } from "../../model/plain";
import { kindOfType, type ResourceKind } from "../../model/resource-type";
import { UNKNOWN_VALUE } from "../../model/unknown";
import type { DiffResult, HandlerContext } from "../../session/handler-context";
import type { Engine } from "../engine";
import { HandlerRunner, type RunnerOptions, withRecordedOutputs } from "../handler-runner";
import type { Lifetime } from "../lifetime";
import { refuseStrayNames } from "../stray-names";
import { type DetailedDiff, detailedDiff } from "./detailed-diff";
import { readMembers, withoutAccess, writeInputs, writeOutputs, writeRefreshed } from "./host-members";
import type { ServedKind } from "./kinds";
import { readProviderArguments, settingsOf } from "./provider-arguments";

/** What the host gets from the program that starts it. */
export interface PluginHostOptions {
  engine: Engine;
  lifetime: Lifetime;
  kinds: Readonly<Record<ResourceKind, ServedKind>>;
  environment: NodeJS.ProcessEnv;
  openSession?: RunnerOptions["openSession"];
}

/** A call of create or update. */
export interface WriteCall {
  urn: string;
  inputs: PlainObject;
  /** The outputs before an update. */
  recorded: PlainObject;
  isPreview: boolean;
  /** The resource option `customTimeouts`; 0 where the program does not set it. */
  timeoutSeconds: number;
}

/** A resource as the engine records it. */
export interface RecordedResource {
  id: string;
  inputs: PlainObject;
  outputs: PlainObject;
}

/** Turns the engine's calls about resources into calls of the handlers, with plain values. */
export class PluginHost {
  private runner: HandlerRunner;

  constructor(private readonly options: PluginHostOptions) {
    this.runner = this.runnerOf({});
  }

  /** Sets the provider's arguments. What the handlers have cached before belongs to another account. */
  configure(inputs: PlainObject): void {
    this.runner = this.runnerOf(inputs);
  }

  /** The provider's own configuration. */
  get settings(): Settings {
    return this.runner.settings;
  }

  private runnerOf(inputs: PlainObject): HandlerRunner {
    const { engine, lifetime, environment, openSession } = this.options;
    const settings = settingsOf(readProviderArguments(inputs), environment);
    return new HandlerRunner({ engine, lifetime, settings, openSession });
  }

  async check(urn: string, olds: PlainObject, news: PlainObject): Promise<CheckResult> {
    const { handlers, hasAccess } = this.kindOf(urn);
    const refused = refuseStrayNames(news);
    if (refused !== undefined) return refused;
    const wanted = readMembers(news);
    const { inputs, failures } = await this.runner.check(urn, (context) =>
      handlers.check(context, readMembers(olds), hasAccess ? withoutAccess(wanted) : wanted),
    );
    return { inputs: writeInputs(inputs), failures };
  }

  async diff(
    urn: string,
    recorded: Omit<RecordedResource, "id">,
    news: PlainObject,
  ): Promise<DiffResult & { detailed: DetailedDiff }> {
    const { handlers } = this.kindOf(urn);
    const result = await this.runner.diff(urn, (context) =>
      handlers.diff(context, readMembers(recorded.outputs), readMembers(news)),
    );
    const { changes, replaces } = result;
    return { ...result, detailed: changes ? detailedDiff(recorded.inputs, news, replaces) : new Map() };
  }

  async create(call: WriteCall): Promise<Omit<RecordedResource, "inputs">> {
    if (call.isPreview) return { id: "", outputs: await this.preview(call) };
    const { handlers } = this.kindOf(call.urn);
    return this.write(call, async (context, members) => {
      const { id, outs } = await handlers.create(context, members);
      return { id, outputs: outs };
    });
  }

  async update(id: string, call: WriteCall): Promise<PlainObject> {
    if (call.isPreview) return this.preview(call);
    const { handlers } = this.kindOf(call.urn);
    const { outputs } = await this.write(call, async (context, members) => {
      const { outs } = await handlers.update(context, readMembers(call.recorded), members);
      return { id, outputs: outs };
    }).catch((error: unknown) => {
      throw withRecordedOutputs(error, id, call.recorded);
    });
    return outputs;
  }

  /** Runs create or update. The timeout of the resource's options applies to this call only, so it is not recorded. */
  private async write<T extends { outputs: PlainObject }>(
    { urn, inputs, timeoutSeconds }: WriteCall,
    handler: (context: HandlerContext, members: PlainObject) => Promise<T>,
  ): Promise<T> {
    const members = readMembers(inputs);
    const isOption = this.kindOf(urn).hasTimeout === true && members.timeout === undefined && timeoutSeconds > 0;
    const given = isOption ? { ...members, timeout: `${Math.round(timeoutSeconds * 1000)}ms` } : members;
    const stored = ({ timeout, ...outputs }: PlainObject): PlainObject =>
      writeOutputs(isOption || timeout === undefined ? outputs : { ...outputs, timeout });
    const written = await this.runner.run(urn, (context) => handler(context, given), stored);
    return { ...written, outputs: stored(written.outputs) };
  }

  /** Returns the outputs as far as a preview can know them. @throws what makes the preview fail */
  private async preview({ urn, inputs }: WriteCall): Promise<PlainObject> {
    const { handlers, computed } = this.kindOf(urn);
    const members = readMembers(inputs);
    await this.runner.run(urn, async (context) => handlers.preview?.(context, members));
    const unknown = Object.fromEntries(computed(members).map((name) => [name, UNKNOWN_VALUE]));
    return { ...unknown, ...inputs };
  }

  /** Refreshes a resource. An empty id removes it from the state. */
  async read(urn: string, { id, inputs, outputs }: RecordedResource): Promise<RecordedResource> {
    const { handlers } = this.kindOf(urn);
    const read = await this.runner.run(urn, (context) => handlers.read(context, id, readMembers(outputs)));
    return { id: read.id, inputs, outputs: writeRefreshed(read.props, outputs) };
  }

  /** Finds a resource by its id, for `pulumi import` and the SDKs' `get`. @throws INPUT_INVALID for a kind that has no import */
  async import(urn: string, id: string): Promise<RecordedResource> {
    const { handlers } = this.kindOf(urn);
    const found = await this.runner.run(urn, async (context) => {
      if (handlers.import !== undefined) return handlers.import(context, id);
      const [kind] = typeOf(urn).split(":").slice(-1);
      throw migrationError("INPUT_INVALID", {
        property: "id",
        fault: `a ${kind} cannot be imported`,
        remedy: "It only records what the program does: declare it without an import, and pulumi up creates it.",
      });
    });
    return { id: found.id, inputs: writeInputs(found.inputs), outputs: writeOutputs(found.outs) };
  }

  async delete(urn: string, outputs: PlainObject): Promise<void> {
    const { handlers } = this.kindOf(urn);
    await this.runner.run(urn, (context) => handlers.delete(context, readMembers(outputs)));
  }

  /** @throws Error for a type that this package does not have, such as one of a later version */
  private kindOf(urn: string): ServedKind {
    const type = typeOf(urn);
    const kind = kindOfType(type);
    if (kind === undefined) throw new Error(`this version of the plugin has no resource ${type}`);
    return this.options.kinds[kind];
  }
}

/** The type of a resource, without those of its parents. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
