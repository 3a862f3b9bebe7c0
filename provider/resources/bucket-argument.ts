import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";

/** A component that provides one bucket, such as MigrationBucket. */
export interface BucketComponent extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Output<string>;
  /** Whether the bucket existed before the program. A preview that does not find such a bucket fails. */
  readonly isExisting: boolean;
}

/** A bucket: its name, a bucket resource of the alicloud package, or a MigrationBucket. */
export type BucketArgument = pulumi.Input<string> | alicloud.oss.Bucket | BucketComponent;

/** The bucket's name. With a resource of the same program it makes the migration depend on it. */
export function bucketNameOf(bucket: BucketArgument): pulumi.Input<string> {
  if (pulumi.ComponentResource.isInstance(bucket)) return bucket.bucketName;
  return pulumi.Resource.isInstance(bucket) ? bucket.id : bucket;
}

/** Whether the bucket may not exist yet at preview: this program may create anything but a plain name. */
export const mayBeCreatedByProgram = (bucket: BucketArgument): boolean =>
  pulumi.ComponentResource.isInstance(bucket) ? !bucket.isExisting : typeof bucket !== "string";
