import type { MigrationInputs, Phase } from "../model/inputs";
import type { Failure, MigrationStatus } from "../model/outputs";

/** One database of a group, as its migration's outputs tell it. */
export interface GroupMember {
  /** The key under which the program names it. */
  name: string;
  instanceId: string;
  database: string;
  status: MigrationStatus;
  migrateTaskId?: string;
  readyForCutover?: boolean;
  cutoverObstacles?: string[];
}

export interface GroupInputs
  extends Pick<
    MigrationInputs,
    "region" | "profile" | "assumeRoleArn" | "timeout" | "pollInterval" | "checkDb" | "resourceUrn"
  > {
  /** In the order in which they are opened. */
  members: GroupMember[];
  phase?: Phase;
}

/** What became of one member. */
export interface OpenedMember {
  database: string;
  instanceId: string;
  migrateTaskId?: string;
  status: "waiting" | "online" | "failed";
  /** UTC, ISO 8601; absent where the service does not tell when another way opened it. */
  openedAt?: string;
  warnings: string[];
  failure?: Failure;
  /** Calls that were answered by a failure: a further one needs another token. */
  failedOpenings?: number;
}

export interface GroupOutputs {
  status: OpenedMember["status"];
  opened: OpenedMember[];
}
