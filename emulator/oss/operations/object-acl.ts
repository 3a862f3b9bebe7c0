import { bucketOf, type OssOperation, xmlReply } from "../oss-operation";
import { ownerOf } from "./bucket-operations";
import { objectOf } from "./object-operations";

/** Objects have no ACL of their own here: it is always `default`, which means the bucket's. */
export const objectAclOperations: readonly OssOperation[] = [
  {
    name: "GetObjectAcl",
    level: "object",
    method: "GET",
    requires: ["acl"],
    answer: (call) => {
      objectOf(call);
      return xmlReply("AccessControlPolicy", {
        Owner: ownerOf(bucketOf(call).ownerId),
        AccessControlList: { Grant: "default" },
      });
    },
  },
];
