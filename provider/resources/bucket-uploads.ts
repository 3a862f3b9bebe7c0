import * as pulumi from "@pulumi/pulumi";
import { BUCKET_UPLOADS_TYPE } from "../model/provider-text";
import { registrationOf } from "./registration";

/** The arguments of a BucketUploads. MigrationBucket sets them from its own bucket. */
export interface BucketUploadsArgs {
  /** Name of the bucket. Changing it replaces the resource. */
  bucket: pulumi.Input<string>;
  /** Region of the bucket. @default `alicloud:region`, then ALICLOUD_REGION, ALIBABA_CLOUD_REGION */
  region?: pulumi.Input<string | undefined>;
  /** Whether destroy aborts every unfinished upload of the bucket. */
  forceDestroy: pulumi.Input<boolean>;
}

/**
 * The unfinished uploads of a bucket, which destroy aborts before it deletes the bucket. `forceDestroy` of the alicloud provider
 * deletes only objects, and OSS keeps a bucket with unfinished uploads. MigrationBucket declares it.
 */
export class BucketUploads extends pulumi.CustomResource {
  /** The resource's type token, for policy packs and aliases. */
  static readonly __pulumiType = BUCKET_UPLOADS_TYPE;

  constructor(name: string, args: BucketUploadsArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(...registrationOf("BucketUploads", name, { ...args }, opts));
  }
}
