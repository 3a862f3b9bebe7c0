import type * as dynamic from "@pulumi/pulumi/dynamic";
import type { PlainObject } from "../../model/plain";
import { checkOutcome } from "../../outcome/check-outcome";
import { completeOutcome } from "../../outcome/complete-outcome";
import type { OutcomeOutputs } from "../../outcome/outcome-inputs";
import { diffOutcome } from "../../outcome/plan-outcome";
import { readOutcome } from "../../outcome/read-outcome";
import { configure, currentSession, guarded } from "./process";

/** The module that `__provider` of a MigrationOutcome names. It shares its process, and so its session, with the migrations. */
export { configure };

export const check = (_olds: PlainObject, news: PlainObject): Promise<dynamic.CheckResult> =>
  guarded(() => checkOutcome(currentSession(), news));

export const diff = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.DiffResult> =>
  guarded(async () => diffOutcome(olds, news));

export const create = (inputs: PlainObject): Promise<dynamic.CreateResult> =>
  guarded((signal) => completeOutcome(currentSession(), signal, inputs));

export const update = (_id: string, olds: PlainObject, news: PlainObject): Promise<dynamic.UpdateResult> =>
  guarded((signal) => completeOutcome(currentSession(), signal, news, (olds as Partial<OutcomeOutputs>).summary));

export const read = (id: string, props: PlainObject): Promise<dynamic.ReadResult> =>
  guarded(() => readOutcome(currentSession(), id, props));

/** An outcome is a record: there is nothing in the cloud to take away. */
const deleteOutcome = async (): Promise<void> => {};

export { deleteOutcome as delete };
