import { z } from "zod";
import type { Reply } from "../../http/reply";
import { OssFault } from "../oss-fault";
import { bucketOf, type OssCall, type OssOperation, readXmlBody, xmlReply } from "../oss-operation";
import { checkObjectKey } from "../oss-target";
import { nameEncoding, parseXml } from "../oss-xml";

const MAX_KEYS = 1000;

export const deleteObjectsOperations: readonly OssOperation[] = [
  {
    name: "DeleteMultipleObjects",
    level: "bucket",
    method: "POST",
    requires: ["delete"],
    allows: ["encoding-type"],
    answer: deleteObjects,
  },
];

/** Without versioning, `null` is the only version id. */
const objectEntry = z.object({ Key: z.string(), VersionId: z.enum(["null", ""]).optional() });
const deleteDocument = z.object({
  Delete: z.object({
    Quiet: z.string().optional(),
    Object: z.union([objectEntry.transform((one) => [one]), z.array(objectEntry)]),
  }),
});

/** Reports missing keys as deleted. @see https://help.aliyun.com/en/oss/developer-reference/deletemultipleobjects */
async function deleteObjects(call: OssCall): Promise<Reply> {
  bucketOf(call);
  if (call.headers["content-md5"] === undefined) {
    throw new OssFault("InvalidArgument", { message: "Missing Some Required Arguments: Content-MD5." });
  }
  const parsed = deleteDocument.safeParse(parseXml(await readXmlBody(call)));
  if (!parsed.success || parsed.data.Delete.Object.length > MAX_KEYS) throw new OssFault("MalformedXML");
  const { Quiet: quiet, Object: entries } = parsed.data.Delete;
  for (const { Key: key } of entries) checkObjectKey(key);
  const bucket = bucketOf(call);
  for (const { Key: key } of entries) {
    if (bucket.objects.has(key)) call.store.commit({ type: "objectDeleted", bucket: bucket.name, key });
  }
  call.detail.keys = entries.length;
  const encoding = nameEncoding(call.params.get("encoding-type"));
  const deleted = quiet?.trim() === "true" ? [] : entries.map(({ Key: key }) => ({ Key: encoding.name(key) }));
  return xmlReply("DeleteResult", { EncodingType: encoding.element, Deleted: deleted });
}
