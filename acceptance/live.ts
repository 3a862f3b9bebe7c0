import type { ObjectStore } from "../provider/aliyun/object-store";
import type { RamApi } from "../provider/aliyun/ram-api";
import type { RecordedReply } from "./recording";
import type { Seen } from "./seen";

/** The reply of one RDS call. */
export type RdsAnswer = { body: Record<string, unknown> } | { status: number; code: string };

/** The services under one pair of keys. */
export interface Services {
  store: ObjectStore;
  /** Sends one call of RDS for the instance, once. A refusal is a reply too. @throws NetworkFault without a reply */
  rds(action: string, query?: Readonly<Record<string, string>>): Promise<RdsAnswer>;
}

/** The services as the probes ask them. */
export interface Live extends Services {
  instanceId: string;
  bucket: string;
  /** Path of a full backup, for the probes that create a task. */
  backup: string | undefined;
  /** Prefix of all objects and databases that the probes create; new in each run. */
  prefix: string;
  ram: RamApi;
  /** The services under the same access key id with another secret. */
  withWrongSecret: Services;
  /** The last reply of a service. */
  lastReply(): RecordedReply | undefined;
  /** Where an object of the bucket is, for CreateMigrateTask. */
  positionOf(key: string): string;
  /** Milliseconds between two polls of a task. */
  pollMs: number;
  /** Results that several probes share, by name. */
  once<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Notes what is left on the service, for the end of the report. */
  leave(what: string): void;
}

/** The reply in words. */
export const answerText = (answer: RdsAnswer): string =>
  "code" in answer ? `${answer.status} ${answer.code}` : "accepted";

/** Whether the call was refused with this code. */
export const hasCode = (answer: RdsAnswer, code: string): Seen => ({
  seen: answerText(answer),
  agrees: "code" in answer && answer.code === code,
});
