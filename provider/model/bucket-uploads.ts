import { z } from "zod";
import type { PlainObject } from "./plain";
import { parseReadable } from "./recorded";

/** The members of a BucketUploads, the same in its inputs and its outputs. */
export const bucketUploads = z.object({
  bucket: z.string(),
  /** Region of the bucket. */
  region: z.string().optional(),
  /** Whether `delete` aborts the uploads. */
  forceDestroy: z.boolean(),
});

/** Returns the readable members: `destroy` must work with the state of any version. */
export const readableBucketUploads = (props: PlainObject): Partial<z.infer<typeof bucketUploads>> =>
  parseReadable(bucketUploads, props);
