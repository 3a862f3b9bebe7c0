import { connectObjectStore } from "../../provider/aliyun/oss/ali-oss-store";
import { printCost, readJob } from "./upload-job";

/** Runs this project's uploader with its defaults, including full verification, in a separate process. */
const { endpoint, region, bucket, key, file, accessKeyId, accessKeySecret } = readJob();
const store = connectObjectStore({
  endpoint: { region, url: endpoint, cname: false },
  credentials: { get: async () => ({ accessKeyId, accessKeySecret }) },
});
printCost(async () => {
  const { object } = await store.upload({ bucket, key, path: file });
  return object.crc64 ?? "";
}).then(() => process.exit());
