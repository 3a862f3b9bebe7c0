import { BUCKET_CONFIGURATIONS, type BucketConfiguration, checkConfiguration } from "../bucket-configuration";
import { OssFault } from "../oss-fault";
import { bucketOf, type OssOperation, readXmlBody } from "../oss-operation";

/** GetBucket…, PutBucket… and DeleteBucket… for each bucket configuration. */
export const configurationOperations: readonly OssOperation[] = BUCKET_CONFIGURATIONS.flatMap((configuration) => [
  get(configuration),
  ...(configuration.rule === undefined ? [] : [put(configuration)]),
  ...(configuration.deletable ? [remove(configuration)] : []),
]);

function get({ subresource, noun, root, absent }: BucketConfiguration): OssOperation {
  return {
    name: `GetBucket${noun}`,
    level: "bucket",
    method: "GET",
    requires: [subresource],
    answer: (call) => {
      const stored = bucketOf(call).configurations[subresource];
      const contentType = root === undefined ? "application/octet-stream" : "application/xml";
      if (stored !== undefined) return { status: 200, headers: { "Content-Type": contentType }, body: stored };
      if ("fault" in absent) throw new OssFault(absent.fault, { extra: { BucketName: call.target.bucket ?? "" } });
      return { status: 200, headers: { "Content-Type": contentType }, body: absent.document };
    },
  };
}

function put(configuration: BucketConfiguration): OssOperation {
  const { subresource, noun } = configuration;
  return {
    name: `PutBucket${noun}`,
    level: "bucket",
    method: "PUT",
    requires: [subresource],
    answer: async (call) => {
      const { name } = bucketOf(call);
      const text = await readXmlBody(call);
      const bucket = bucketOf(call); // another request may have deleted the bucket meanwhile
      const content = checkConfiguration(configuration, text, { bucket, buckets: call.store.state.buckets });
      call.store.commit({ type: "bucketConfigured", name, configuration: subresource, content });
      return { status: 200, headers: {}, body: "" };
    },
  };
}

function remove({ subresource, noun }: BucketConfiguration): OssOperation {
  return {
    name: `DeleteBucket${noun}`,
    level: "bucket",
    method: "DELETE",
    requires: [subresource],
    answer: (call) => {
      const { name } = bucketOf(call);
      call.store.commit({ type: "bucketConfigured", name, configuration: subresource, content: null });
      return { status: 204, headers: {} };
    },
  };
}
