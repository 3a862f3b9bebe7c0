import { entry } from "./catalogue-entry";

/** Faults that any call to the cloud can meet: credentials, permissions, the network. */
export const cloudErrors = {
  NO_CREDENTIALS: entry<{ looked: string }>({
    message: (e) => `No credentials were found. Looked in: ${e.looked}.`,
    remedy: "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the runner a RAM role.",
    retry: "afterFix",
    source: "@alicloud/credentials, providers/default",
  }),
};
