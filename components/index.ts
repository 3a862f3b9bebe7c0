export type { CheckDbMode, DestroyMode, WaitPoint } from "../provider/inputs";
export type { BackupInfo, Failure, FileState, MigrationStatus } from "../provider/outputs";
export { DatabaseMigration, type DatabaseMigrationArgs, type UploadArgs } from "../provider/resource";
