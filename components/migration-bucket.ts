import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import type { BucketComponent } from "../provider/resources/bucket-argument";
import { BucketUploads } from "../provider/resources/bucket-uploads";
import { alicloudSdk } from "./alicloud-sdk";
import { backupLifecycle } from "./backup-lifecycle";

/** The arguments of a bucket that the program creates. All are optional. */
export interface NewBucketArgs {
  /** Name of the bucket, unique in all of OSS. Changing it replaces the bucket. @default the resource's name and a random suffix */
  bucketName?: pulumi.Input<string>;
  /** Redundancy: `LRS` (one zone) or `ZRS` (three zones). Changing it replaces the bucket. @default "LRS" */
  redundancyType?: pulumi.Input<"LRS" | "ZRS">;
  /**
   * Whether destroy deletes the bucket with all backups and unfinished uploads in it. With `false`, destroy fails when the bucket is
   * not empty. @default false
   */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Days after which OSS removes the parts of an unfinished upload, which are billed until then. At least 7, so that the
   * next `pulumi up` can continue an interrupted upload.
   * @default 7
   * @throws `INPUT_INVALID` below 7
   */
  abortUploadsAfterDays?: number;
  /**
   * Days after which OSS deletes a backup, counted from its upload. At least 7, because a migration that has not read its
   * backup by then fails.
   * @default never
   * @throws `INPUT_INVALID` below 7
   */
  expireBackupsAfterDays?: number;
  /** Tags of the bucket. */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  existing?: undefined;
}

/** The arguments of a bucket that exists. The program never changes it, and destroy keeps it. */
export interface ExistingBucketArgs {
  /** Name of the bucket. The preflight of each migration checks it against the same rules. */
  existing: pulumi.Input<string>;
}

export type MigrationBucketArgs = NewBucketArgs | ExistingBucketArgs;

/**
 * The OSS bucket for backups, as ApsaraDB RDS for SQL Server requires it: storage class Standard, no server-side encryption,
 * private (OSS's default). It is in the region of its alicloud provider, which must be the region of the instance. OSS removes
 * unfinished uploads after a week.
 *
 * Backups are deleted only by `expireBackupsAfterDays`, by the `cleanup` of a migration, or with the bucket when
 * `forceDestroy` is set.
 *
 * @see https://www.alibabacloud.com/help/doc-detail/100019.htm
 * @example
 * const bucket = new MigrationBucket("erp-backups", { expireBackupsAfterDays: 30 });
 * const existing = new MigrationBucket("erp-backups", { existing: "erp-backups-hangzhou" });
 */
export class MigrationBucket extends pulumi.ComponentResource implements BucketComponent {
  static readonly __pulumiType = "sqlserver-migration:index:MigrationBucket";

  /** Name of the bucket, for other resources. */
  readonly bucketName: pulumi.Output<string>;
  /** Whether the bucket existed before the program. */
  readonly isExisting: boolean;
  /** The bucket that the program created; undefined for an existing one. */
  readonly bucket: alicloud.oss.Bucket | undefined;

  constructor(name: string, args: MigrationBucketArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super(MigrationBucket.__pulumiType, name, {}, opts);
    this.isExisting = args.existing !== undefined;
    if (args.existing !== undefined) {
      this.bucketName = pulumi.output(args.existing);
    } else {
      this.bucket = new (alicloudSdk().oss.Bucket)(name, bucketArgs(args), { parent: this });
      this.bucketName = this.bucket.id;
      if (args.forceDestroy !== undefined) {
        const { bucket } = this;
        const region = bucket.location.apply((location: string | undefined) => location?.replace(/^oss-/, ""));
        const { forceDestroy } = args;
        new BucketUploads(`${name}-uploads`, { bucket: bucket.id, region, forceDestroy }, { parent: this });
      }
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
