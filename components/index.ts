export type { BucketArgument, BucketComponent } from "../provider/bucket-argument";
export type { CheckDbMode, DestroyMode, WaitPoint } from "../provider/inputs";
export type { BackupInfo, Failure, FileState, MigrationStatus } from "../provider/outputs";
export { DatabaseMigration, type DatabaseMigrationArgs, type UploadArgs } from "../provider/resource";
export {
  type ExistingBucketArgs,
  MigrationBucket,
  type MigrationBucketArgs,
  type NewBucketArgs,
} from "./migration-bucket";
