import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";

/** A component that stands for one bucket, as MigrationBucket does. */
export interface BucketComponent extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** The bucket is older than the program: a preview that does not find it is wrong, not early. */
  readonly isExisting: boolean;
}

/** A bucket as a program may give it: its name, the alicloud package's resource, or a MigrationBucket. */
export type BucketArgument = pulumi.Input<string> | alicloud.oss.Bucket | BucketComponent;

/** The bucket's name; a bucket of the same program is waited for. */
export function bucketNameOf(bucket: BucketArgument): pulumi.Input<string> {
  if (pulumi.ComponentResource.isInstance(bucket)) return bucket.bucketName;
  return pulumi.Resource.isInstance(bucket) ? bucket.id : bucket;
}

/** Whether a preview may come before the bucket: anything but a plain name may be made by this very program. */
export const mayBeCreatedByProgram = (bucket: BucketArgument): boolean =>
  pulumi.ComponentResource.isInstance(bucket) ? !bucket.isExisting : typeof bucket !== "string";
