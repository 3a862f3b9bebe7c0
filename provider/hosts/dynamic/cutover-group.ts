import type * as dynamic from "@pulumi/pulumi/dynamic";
import { checkGroup } from "../../cutover-group/check-group";
import { openGroup } from "../../cutover-group/open-group";
import { wouldOpen } from "../../cutover-group/plan-group";
import { readGroup } from "../../cutover-group/read-group";
import type { PlainObject } from "../../model/plain";
import { configure, currentSession, guarded } from "./process";

/** The module that `__provider` of a CutoverGroup names. It shares its process, and so its session, with the migrations. */
export { configure };

export const check = (olds: PlainObject, news: PlainObject): Promise<dynamic.CheckResult> =>
  guarded(async () => checkGroup(currentSession(), olds, news));

export const diff = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.DiffResult> =>
  guarded(async () => ({ changes: wouldOpen(olds, news), replaces: [] }));

export const create = (inputs: PlainObject): Promise<dynamic.CreateResult> =>
  guarded((signal) => openGroup({ session: currentSession(), signal, hostInputs: inputs, prior: {} }));

export const update = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.UpdateResult> =>
  guarded((signal) => openGroup({ session: currentSession(), signal, hostInputs: news, prior: olds }));

export const read = (id: string, props: PlainObject): Promise<dynamic.ReadResult> =>
  guarded(() => readGroup(currentSession(), id, props));

/** There is nothing in the cloud to take away: an open database stays open. */
const deleteGroup = async (): Promise<void> => {};

export { deleteGroup as delete };
