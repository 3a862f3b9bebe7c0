/**
 * The text that is stored in the state as `__provider`. It resolves this package's provider from the project's folder and returns
 * it. It is a constant: it contains no path of a machine, is the same in every checkout and version, and always runs the
 * installed code. Changing it would show a change of every migration; a test pins it.
 */
export const PROVIDER_TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-alicloud-sqlserver-migration/provider")';

/** Type token of the resource; `pulumi-nodejs:dynamic` is fixed by Pulumi for dynamic resources. */
export const MIGRATION_TYPE = "pulumi-nodejs:dynamic/sqlserver:DatabaseMigration";

/** The same for the outcome of an InstanceMigration. */
export const OUTCOME_PROVIDER_TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-alicloud-sqlserver-migration/provider/outcome")';

export const OUTCOME_TYPE = "pulumi-nodejs:dynamic/sqlserver:MigrationOutcome";

/** The outcome of the InstanceMigration `erp` is named `erp-outcome`. */
export const OUTCOME_SUFFIX = "-outcome";

/** The same for the cutover of several databases. */
export const CUTOVER_GROUP_PROVIDER_TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-alicloud-sqlserver-migration/provider/cutover-group")';

export const CUTOVER_GROUP_TYPE = "pulumi-nodejs:dynamic/sqlserver:CutoverGroup";

/** The same for the unfinished uploads of a bucket that the program creates. */
export const BUCKET_UPLOADS_PROVIDER_TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-alicloud-sqlserver-migration/provider/bucket-uploads")';

export const BUCKET_UPLOADS_TYPE = "pulumi-nodejs:dynamic/sqlserver:BucketUploads";

/** The same for the comparison of the source with the destination. */
export const VERIFICATION_PROVIDER_TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-alicloud-sqlserver-migration/provider/verification")';

export const VERIFICATION_TYPE = "pulumi-nodejs:dynamic/sqlserver:MigrationVerification";
