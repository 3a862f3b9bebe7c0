import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import type { BucketComponent } from "../provider/resources/bucket-argument";
import { alicloudSdk } from "./alicloud-sdk";
import { backupLifecycle } from "./backup-lifecycle";

/** A bucket that the program creates; every member is optional. */
export interface NewBucketArgs {
  /** Its name, one of all OSS. Changing it replaces the bucket. @default the resource's name and a random suffix */
  bucketName?: pulumi.Input<string>;
  /** `LRS` (one zone) or `ZRS` (three). Changing it replaces the bucket. @default "LRS" */
  redundancyType?: pulumi.Input<"LRS" | "ZRS">;
  /** `true`: destroy deletes the bucket with every backup in it; `false`: destroy stops at a bucket that is not empty. @default false */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Days after which OSS removes the parts of an upload that nobody finished; until then they are billed. Not below 7: the
   * next `pulumi up` continues an upload that was killed.
   * @default 7
   * @throws `INPUT_INVALID`
   */
  abortUploadsAfterDays?: number;
  /**
   * Days after which OSS deletes a backup, counted from its upload. At least 7: a migration that has not read its backup by
   * then fails.
   * @default never
   * @throws `INPUT_INVALID`
   */
  expireBackupsAfterDays?: number;
  /** Tags of the bucket. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  existing?: undefined;
}

/** A bucket that is there already: nothing about it is changed, and destroy leaves it. */
export interface ExistingBucketArgs {
  /** Its name. The preflight of each migration looks it up and holds it to the same rules. */
  existing: pulumi.Input<string>;
}

export type MigrationBucketArgs = NewBucketArgs | ExistingBucketArgs;

/**
 * The OSS bucket that backups go through, by the rules of ApsaraDB RDS for SQL Server: storage class Standard, no server-side
 * encryption, private, in the region of its alicloud provider, which has to be the instance's. Uploads that nobody finished
 * are removed after a week.
 *
 * Its access control stays OSS's own default, private. Backups in it are deleted only by `expireBackupsAfterDays`, by a
 * migration's own `cleanup`, or with the bucket where `forceDestroy` says so.
 *
 * @see https://www.alibabacloud.com/help/doc-detail/100019.htm
 * @example
 * const bucket = new MigrationBucket("erp-backups", { expireBackupsAfterDays: 30 });
 * const existing = new MigrationBucket("erp-backups", { existing: "erp-backups-hangzhou" });
 */
export class MigrationBucket extends pulumi.ComponentResource implements BucketComponent {
  static readonly __pulumiType = "sqlserver-migration:index:MigrationBucket";

  /** Its name, for other resources. */
  readonly bucketName: pulumi.Output<string>;
  /** Whether it was there before the program. */
  readonly isExisting: boolean;
  /** What the program created; undefined for an existing bucket. */
  readonly bucket: alicloud.oss.Bucket | undefined;

  constructor(name: string, args: MigrationBucketArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super(MigrationBucket.__pulumiType, name, {}, opts);
    this.isExisting = args.existing !== undefined;
    if (args.existing !== undefined) {
      this.bucketName = pulumi.output(args.existing);
    } else {
      this.bucket = new (alicloudSdk().oss.Bucket)(name, bucketArgs(args), { parent: this });
      this.bucketName = this.bucket.id;
    }
    this.registerOutputs({ bucketName: this.bucketName });
  }
}

const bucketArgs = ({
  bucketName,
  redundancyType,
  forceDestroy,
  tags,
  ...days
}: NewBucketArgs): alicloud.oss.BucketArgs => ({
  bucket: bucketName,
  storageClass: "Standard",
  redundancyType,
  forceDestroy: forceDestroy ?? false,
  lifecycleRules: [backupLifecycle(days)],
  tags,
});
