export type { BucketArgument, BucketComponent } from "../provider/bucket-argument";
export type { CheckDbMode, DestroyMode, Phase, WaitPoint } from "../provider/inputs";
export type { BackupInfo, ChainFile, ChainState, Failure, FileState, MigrationStatus } from "../provider/outputs";
export { type CutoverArgs, DatabaseMigration, type DatabaseMigrationArgs, type UploadArgs } from "../provider/resource";
export {
  type ExistingBucketArgs,
  MigrationBucket,
  type MigrationBucketArgs,
  type NewBucketArgs,
} from "./migration-bucket";
