import type * as dynamic from "@pulumi/pulumi/dynamic";
import type { PlainObject } from "../../model/plain";
import type { HandlerContext, ResourceHandlers } from "../../session/handler-context";
import { engineOfThisProcess } from "../engine";
import { HandlerRunner, withoutLog, withRecordedOutputs } from "../handler-runner";
import { watchLifetime } from "../lifetime";
import { refuseStrayNames } from "../stray-names";
import { checkAndPreview } from "./check-and-preview";
import { readHostInputs, writeInputs, writeOutputs } from "./host-inputs";

/*
 * The process that Pulumi starts for a program's dynamic resources. The provider modules of this package share it and its
 * session, because Node loads this module once for all of them.
 */
const engine = engineOfThisProcess(process.argv);
/** The stack's configuration. */
let config: dynamic.Config | undefined;
const runner = new HandlerRunner({
  engine,
  lifetime: watchLifetime(engine, process),
  settings: { config: (key) => config?.get(key), env: (name) => process.env[name] },
});

/** Returns the provider of a resource type, which Pulumi's dynamic host calls. */
export function dynamicProvider(handlers: ResourceHandlers): dynamic.ResourceProvider {
  return {
    // Stores the configuration synchronously: Pulumi's host caches the provider before it awaits configure, so another call may
    // already run.
    async configure(request) {
      config = request.config;
    },
    async check(olds: PlainObject, news: PlainObject) {
      const refused = refuseStrayNames(news);
      if (refused !== undefined) return refused;
      const call = readHostInputs(news);
      const before = readHostInputs(olds).members;
      const { inputs, failures } = await runner.check(call.urn, (context) =>
        call.isPreview
          ? checkAndPreview(handlers, context, before, call.members)
          : handlers.check(context, before, call.members),
      );
      return { inputs: writeInputs(inputs, call), failures };
    },
    async diff(_id, olds: PlainObject, news: PlainObject) {
      const call = readHostInputs(news);
      const result = await runner.diff(call.urn, (context) =>
        handlers.diff(context, readHostInputs(olds).members, call.members),
      );
      return isRecordOfPlugin(olds) ? { ...result, changes: true } : result;
    },
    async create(inputs: PlainObject) {
      const call = readHostInputs(inputs);
      const write = (outputs: PlainObject) => writeOutputs(outputs, call);
      const { id, outs } = await runner.run(call.urn, (context) => handlers.create(context, call.members), write);
      return { id, outs: write(outs) };
    },
    async update(id, olds: PlainObject, news: PlainObject) {
      const call = readHostInputs(news);
      const before = readHostInputs(olds).members;
      const update = async (context: HandlerContext) => {
        const isRewrite = isRecordOfPlugin(olds) && !handlers.diff(withoutLog(context), before, call.members).changes;
        return isRewrite ? { outs: before } : handlers.update(context, before, call.members);
      };
      const write = (outputs: PlainObject) => writeOutputs(outputs, call);
      const { outs } = await runner.run(call.urn, update, write).catch((error: unknown) => {
        throw withRecordedOutputs(error, id, { ...olds, __provider: news.__provider });
      });
      return { outs: write(outs) };
    },
    async read(id, props: PlainObject = {}) {
      const call = readHostInputs(props);
      const result = await runner.run(call.urn, (context) => handlers.read(context, id, call.members));
      return result.id === "" ? result : { id: result.id, props: writeOutputs(result.props, call) };
    },
    delete: (_id, props: PlainObject) => {
      const call = readHostInputs(props);
      return runner.run(call.urn, (context) => handlers.delete(context, call.members));
    },
  };
}

/**
 * Whether the native plugin wrote the outputs. They lack the provider and the URN, which refresh and destroy of a dynamic resource
 * read from them, so an update adds them even where nothing else changes.
 */
const isRecordOfPlugin = (outputs: PlainObject): boolean => outputs.__provider === undefined;
