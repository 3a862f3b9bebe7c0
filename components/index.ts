export { migrationPolicy, type PolicyDocument, type PolicyScope } from "../provider/aliyun/ram/permissions";
export type { OpenedMember } from "../provider/model/cutover-group";
export type { DatabaseCounts, DatabaseFailure } from "../provider/model/database-counts";
export { type Diagnostic, type Finding, findingOf } from "../provider/model/diagnostic";
export { type ExportedStack, type FailedDatabase, failedDatabases } from "../provider/model/failed-databases";
export type { CheckDbMode, DestroyMode, Phase, WaitPoint } from "../provider/model/inputs";
export type { NameList } from "../provider/model/name-pattern";
export type { DatabaseOutcome, FindingMode } from "../provider/model/outcome";
export type { BackupInfo, ChainFile, ChainState, Failure, FileState, MigrationStatus } from "../provider/model/outputs";
export { terminalJson, terminalText } from "../provider/model/terminal-text";
export type { AccessComponent } from "../provider/resources/access-argument";
export type { BucketArgument, BucketComponent } from "../provider/resources/bucket-argument";
export { CutoverGroup, type CutoverGroupArgs } from "../provider/resources/cutover-group";
export {
  type CutoverArgs,
  DatabaseMigration,
  type DatabaseMigrationArgs,
  type UploadArgs,
} from "../provider/resources/database-migration";
export { MigrationVerification, type MigrationVerificationArgs } from "../provider/resources/migration-verification";
export type { BackupEntry } from "./discovery/backups-argument";
export type { DatabaseFilter } from "./discovery/database-filter";
export type { SkippedFile } from "./discovery/discovery";
export { InstanceMigration } from "./instance-migration";
export type { DatabaseOverrides, InstanceCutoverArgs, InstanceMigrationArgs } from "./instance-migration-args";
export { MigrationAccess, type MigrationAccessArgs } from "./migration-access";
export {
  type ExistingBucketArgs,
  MigrationBucket,
  type MigrationBucketArgs,
  type NewBucketArgs,
} from "./migration-bucket";
export type { PlanArgs } from "./plan-waves";
export type { WaveArgs } from "./waves";
