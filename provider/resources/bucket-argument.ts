import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";

/** A component that represents one bucket, such as MigrationBucket. */
export interface BucketComponent extends pulumi.ComponentResource {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Output<string>;
  /** Whether the bucket exists before the program runs. If so, a preview reports a missing bucket as an error. */
  readonly isExisting: boolean;
}

/** A bucket argument: the bucket's name, an alicloud bucket resource, or a MigrationBucket. */
export type BucketArgument = pulumi.Input<string> | alicloud.oss.Bucket | BucketComponent;

/** Returns the bucket's name. For a bucket of the same program, the name resolves when the bucket exists. */
export function bucketNameOf(bucket: BucketArgument): pulumi.Input<string> {
  if (pulumi.ComponentResource.isInstance(bucket)) return bucket.bucketName;
  return pulumi.Resource.isInstance(bucket) ? bucket.id : bucket;
}

/** Whether a preview may run before the bucket exists: only a plain name surely belongs to an existing bucket. */
export const mayBeCreatedByProgram = (bucket: BucketArgument): boolean =>
  pulumi.ComponentResource.isInstance(bucket) ? !bucket.isExisting : typeof bucket !== "string";
