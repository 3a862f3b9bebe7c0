import type * as dynamic from "@pulumi/pulumi/dynamic";
import { checkDeferring, createDeferring, updateDeferring } from "../../handlers/deferral";
import { remove } from "../../handlers/delete";
import { diff as diffMigration } from "../../handlers/diff";
import { read as readMigration } from "../../handlers/read";
import type { PlainObject } from "../../model/plain";
import { configure, currentSession, guarded } from "./process";

/**
 * The module that `__provider` of a DatabaseMigration names: what Pulumi's dynamic-provider host calls. It only ties the
 * handlers to the process they run in; what they do stands in their own files.
 */
export { configure };

export const check = (olds: PlainObject, news: PlainObject): Promise<dynamic.CheckResult> =>
  guarded(() => checkDeferring(currentSession(), olds, news));

export const diff = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.DiffResult> =>
  guarded(async () => diffMigration(currentSession(), olds, news));

export const create = (inputs: PlainObject): Promise<dynamic.CreateResult> =>
  guarded((signal) => createDeferring(currentSession(), signal, inputs));

export const update = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.UpdateResult> =>
  guarded((signal) => updateDeferring(currentSession(), signal, olds, news));

export const read = (id: string, props: PlainObject): Promise<dynamic.ReadResult> =>
  guarded((signal) => readMigration(currentSession(), signal, id, props));

const deleteMigration = (_id: string, props: PlainObject): Promise<void> =>
  guarded(() => remove(currentSession(), props));

export { deleteMigration as delete };
