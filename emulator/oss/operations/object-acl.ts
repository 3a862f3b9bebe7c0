import { bucketOf, type OssOperation, xmlReply } from "../oss-operation";
import { ownerOf } from "./bucket-operations";
import { objectOf } from "./object-operations";

/** Object ACLs are not supported: every object has the ACL `default`, which inherits the bucket's. */
export const objectAclOperations: readonly OssOperation[] = [
  {
    name: "GetObjectAcl",
    level: "object",
    method: "GET",
    requires: ["acl"],
    allows: ["versionId"],
    answer: (call) => {
      objectOf(call);
      return xmlReply("AccessControlPolicy", {
        Owner: ownerOf(bucketOf(call).ownerId),
        AccessControlList: { Grant: "default" },
      });
    },
  },
];
