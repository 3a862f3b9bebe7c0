import { AsyncLocalStorage } from "node:async_hooks";
import type { Settings } from "../provider/aliyun/settings";
import type { AlicloudSdk } from "./alicloud-sdk";

/** What a component gets from the native plugin when the plugin constructs it. */
export interface ConstructContext {
  /** The provider's own configuration. */
  settings: Settings;
  alicloud: AlicloudSdk;
}

/** The plugin constructs several components at the same time, each with its own context. */
const storage = new AsyncLocalStorage<ConstructContext>();

/** Runs the construction of a component with its context. */
export const runInContext = <T>(context: ConstructContext, work: () => T): T => storage.run(context, work);

/** Returns the context of the component that is being constructed; undefined in a TypeScript program. */
export const constructContext = (): ConstructContext | undefined => storage.getStore();
