export type { AccessComponent } from "../provider/access-argument";
export type { BucketArgument, BucketComponent } from "../provider/bucket-argument";
export type { OpenedMember } from "../provider/cutover-group/group-inputs";
export { CutoverGroup, type CutoverGroupArgs } from "../provider/cutover-group/resource";
export type { CheckDbMode, DestroyMode, Phase, WaitPoint } from "../provider/inputs";
export type { DatabaseOutcome } from "../provider/outcome/database-outcome";
export type { FindingMode } from "../provider/outcome/outcome-inputs";
export type { BackupInfo, ChainFile, ChainState, Failure, FileState, MigrationStatus } from "../provider/outputs";
export { migrationPolicy, type PolicyDocument, type PolicyScope } from "../provider/ram/permissions";
export { type CutoverArgs, DatabaseMigration, type DatabaseMigrationArgs, type UploadArgs } from "../provider/resource";
export type { BackupEntry } from "./discovery/backup-places";
export type { DatabaseFilter } from "./discovery/database-filter";
export type { SkippedFile } from "./discovery/discovered";
export type { NameList } from "./discovery/name-pattern";
export { InstanceMigration } from "./instance-migration";
export type { DatabaseOverrides, InstanceCutoverArgs, InstanceMigrationArgs } from "./instance-migration-args";
export { MigrationAccess, type MigrationAccessArgs } from "./migration-access";
export {
  type ExistingBucketArgs,
  MigrationBucket,
  type MigrationBucketArgs,
  type NewBucketArgs,
} from "./migration-bucket";
