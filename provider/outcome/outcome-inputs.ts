import type { CheckDbMode, MigrationInputs, Phase, WaitPoint } from "../model/inputs";
import type { Failure, MigrationStatus } from "../model/outputs";
import type { DatabaseOutcome } from "./database-outcome";

/**
 * What to do about findings at preview: `stop`: the preview fails and nothing is sent; `isolate`: they are logged as errors,
 * the others are migrated, and the update ends failed with the table.
 */
export const FINDING_MODES = ["stop", "isolate"] as const;
export type FindingMode = (typeof FINDING_MODES)[number];

/** One database of the instance as its migration's outputs tell it. */
export interface Member {
  /** The migration's resource name. */
  name: string;
  database: string;
  status: MigrationStatus;
  /** Of a database that takes increments; it is brought there by its own migration. */
  phase?: Phase;
  migrateTaskId?: string;
  statusText?: string;
  sizeBytes?: number;
  dataAsOf?: string;
  startedAt?: string;
  finishedAt?: string;
  warnings?: string[];
  failure?: Failure;
  objectKey?: string;
  /** Of an object that is to be deleted in the end: the CRC-64/XZ of what was uploaded. */
  uploadedCrc64?: string;
  checkDb?: CheckDbMode;
}

/** What check found about one database, or about the instance as a whole. */
export interface MemberFindings {
  /** Absent: about the instance as a whole. */
  database?: string;
  reasons: string[];
}

/** Inputs of the outcome. All but `findings`, which check writes, come from the InstanceMigration. */
export interface OutcomeInputs
  extends Pick<
    MigrationInputs,
    "region" | "profile" | "assumeRoleArn" | "endpoint" | "timeout" | "pollInterval" | "cleanup" | "resourceUrn"
  > {
  instanceId: string;
  /** Where the objects and their claims are. */
  bucket?: string;
  members: Member[];
  wait?: WaitPoint;
  onFinding?: FindingMode;
  /** This run is a preview. */
  preview?: boolean;
  findings?: MemberFindings[];
}

/** What state keeps of an outcome: where to look, and what was seen last. The members stand in the inputs only. */
export interface OutcomeOutputs
  extends Pick<OutcomeInputs, "instanceId" | "region" | "profile" | "assumeRoleArn" | "resourceUrn"> {
  summary: DatabaseOutcome[];
}
