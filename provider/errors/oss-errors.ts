import { entry } from "./catalogue-entry";

/** Faults of the bucket, the object and the upload. */
export const ossErrors = {
  OSS_NO_SUCH_BUCKET: entry<{ bucket: string }>({
    message: (e) => `[bucket] The bucket ${e.bucket} does not exist.`,
    remedy:
      "Correct the name, or create the bucket in the region of the instance (Standard, no server-side encryption).",
    retry: "afterFix",
    source: "OSS GetBucketInfo, NoSuchBucket",
  }),
};
