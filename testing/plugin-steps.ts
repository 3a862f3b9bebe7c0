import { KINDS } from "../provider/hosts/plugin/kinds";
import { PluginHost } from "../provider/hosts/plugin/plugin-host";
import type { CheckResult } from "../provider/model/check-result";
import type { Log } from "../provider/model/log";
import type { PlainObject } from "../provider/model/plain";
import { nativeType } from "../provider/model/resource-type";
import type { DiffResult } from "../provider/session/handler-context";
import type { Session } from "../provider/session/session";

const URN = `urn:pulumi:test::demo::${nativeType("DatabaseMigration")}::erp`;

/** What the engine records of a resource. */
interface Resource {
  id: string;
  inputs: PlainObject;
  outputs: PlainObject;
}

/** The native plugin's calls for one migration, in this process and with plain values, as {@link PluginHost} gets them. */
export class PluginSteps {
  private readonly host: PluginHost;
  private signal = new AbortController().signal;

  constructor(session: Session, log: Log, { env, region }: { env: NodeJS.ProcessEnv; region: string | undefined }) {
    this.host = new PluginHost({
      engine: { write: (entry) => log.write(entry), flush: async () => {}, answers: async () => true },
      lifetime: { run: (handler) => handler(this.signal), watch: () => {}, cancel: () => {} },
      kinds: KINDS,
      environment: env,
      openSession: () => session,
    });
    this.host.configure(region === undefined ? {} : { region });
  }

  /** @param news the arguments of a dynamic resource, whose own members a native program does not send */
  check(olds: PlainObject, { resourceUrn, preview, __provider, ...news }: PlainObject): Promise<CheckResult> {
    return this.host.check(URN, olds, news);
  }

  diff(recorded: Resource, news: PlainObject): Promise<DiffResult> {
    return this.host.diff(URN, recorded, news);
  }

  /** Creates the resource, or updates the recorded one. */
  async apply(
    inputs: PlainObject,
    recorded: Resource | undefined,
    signal: AbortSignal,
  ): Promise<Omit<Resource, "inputs">> {
    this.signal = signal;
    const call = { urn: URN, inputs, recorded: recorded?.outputs ?? {}, isPreview: false, timeoutSeconds: 0 };
    if (recorded === undefined) return this.host.create(call);
    return { id: recorded.id, outputs: await this.host.update(recorded.id, call) };
  }

  read(recorded: Resource): Promise<Resource> {
    return this.host.read(URN, recorded);
  }

  delete({ outputs }: Resource): Promise<void> {
    return this.host.delete(URN, outputs);
  }
}
