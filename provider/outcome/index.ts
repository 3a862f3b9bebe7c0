import type * as dynamic from "@pulumi/pulumi/dynamic";
import type { PlainObject } from "../host/plain";
import { configure, currentSession, guarded } from "../host/process";
import { checkOutcome } from "./check-outcome";
import type { OutcomeOutputs } from "./outcome-inputs";
import { diffOutcome } from "./plan-outcome";
import { readOutcome } from "./read-outcome";
import { settleOutcome } from "./settle-outcome";

/** The module that `__provider` of a MigrationOutcome names. It shares its process, and so its session, with the migrations. */
export { configure };

export const check = (_olds: PlainObject, news: PlainObject): Promise<dynamic.CheckResult> =>
  guarded(() => checkOutcome(currentSession(), news));

export const diff = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.DiffResult> =>
  guarded(async () => diffOutcome(olds, news));

export const create = (inputs: PlainObject): Promise<dynamic.CreateResult> =>
  guarded((signal) => settleOutcome(currentSession(), signal, inputs));

export const update = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.UpdateResult> =>
  guarded((signal) => settleOutcome(currentSession(), signal, news, (olds as Partial<OutcomeOutputs>).summary));

export const read = (id: string, props: PlainObject): Promise<dynamic.ReadResult> =>
  guarded(() => readOutcome(currentSession(), id, props));

/** An outcome is a record: there is nothing in the cloud to take away. */
const deleteOutcome = async (): Promise<void> => {};

export { deleteOutcome as delete };
