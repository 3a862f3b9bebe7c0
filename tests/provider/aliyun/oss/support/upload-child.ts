import type { UploadRequest } from "../../../../../provider/aliyun/object-store";
import { connectObjectStore } from "../../../../../provider/aliyun/oss/ali-oss-store";

/** Runs one upload in a separate process, which a test can kill. The first argument is the job as JSON. */
export interface ChildJob {
  endpoint: string;
  region: string;
  accessKeyId: string;
  accessKeySecret: string;
  request: UploadRequest;
}

const { endpoint, region, accessKeyId, accessKeySecret, request }: ChildJob = JSON.parse(process.argv[2] ?? "");
connectObjectStore({
  endpoint: { region, url: endpoint, cname: false },
  credentials: { get: async () => ({ accessKeyId, accessKeySecret }) },
})
  .upload(request)
  .then(
    ({ outcome }) => console.log(outcome),
    (error: unknown) => console.log(String(error)),
  );
