import type { OssOperation } from "../oss-operation";
import { bucketOperations } from "./bucket-operations";
import { configurationOperations } from "./configuration-operations";
import { deleteObjectsOperations } from "./delete-objects";
import { listObjectsOperations } from "./list-objects";
import { listUploadsOperations } from "./list-uploads";
import { multipartOperations } from "./multipart-operations";
import { objectAclOperations } from "./object-acl";
import { objectOperations } from "./object-operations";

/** All supported OSS operations. Other requests get NotImplemented. */
export const OSS_OPERATIONS: readonly OssOperation[] = [
  ...bucketOperations,
  ...configurationOperations,
  ...listObjectsOperations,
  ...deleteObjectsOperations,
  ...objectOperations,
  ...objectAclOperations,
  ...multipartOperations,
  ...listUploadsOperations,
];
