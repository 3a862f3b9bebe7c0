import OSS from "ali-oss";
import { printCost, readJob } from "./upload-job";

/** ali-oss's own `multipartUpload` with parts of 16 MiB and 4 in parallel. It verifies no checksum. */
const { endpoint, region, bucket, key, file, accessKeyId, accessKeySecret } = readJob();
const client = new OSS({
  accessKeyId,
  accessKeySecret,
  bucket,
  endpoint,
  region: `oss-${region}`,
  authorizationV4: true,
});
printCost(async () => {
  await client.multipartUpload(key, file, { partSize: 16 * 1024 * 1024, parallel: 4 });
  return "";
}).then(() => process.exit());
