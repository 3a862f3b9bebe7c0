import { bucketUploadsHandlers } from "../../handlers/bucket-uploads";
import { dynamicProvider } from "./process";

/** The provider module of BucketUploads; its `__provider` loads it. */
export = dynamicProvider(bucketUploadsHandlers);
