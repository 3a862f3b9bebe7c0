import type { ExaminedBackup } from "../backup-files/examine-backup";
import type { MigrationInputs } from "../model/inputs";

/** A migration that does not exist yet, as check knows it. */
export interface PreflightInput {
  inputs: Partial<MigrationInputs>;
  urn: string;
  databaseName: string | undefined;
  objectKey: string | undefined;
  /** As it was read, or as its manifest entry describes it. Undefined when neither is available, or it is adopted. */
  examined: ExaminedBackup | undefined;
  /** This run replaces the resource: its own finished task does not explain a database of that name. */
  replaces: boolean;
}
