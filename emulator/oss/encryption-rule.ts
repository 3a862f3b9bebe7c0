import { z } from "zod";
import { type ConfigurationRule, parseConfiguration, text } from "./configuration-rule";
import { ENCRYPTIONS, isEncryption } from "./object-attributes";
import { OssFault } from "./oss-fault";

const encryptionSchema = z.object({
  ServerSideEncryptionRule: z.object({
    ApplyServerSideEncryptionByDefault: z.object({
      SSEAlgorithm: text,
      KMSMasterKeyID: text.optional(),
      KMSDataEncryption: text.optional(),
    }),
  }),
});

/** The algorithm of a document that `checkEncryption` accepted. */
export function algorithmOf(document: unknown): string {
  return parseConfiguration(encryptionSchema, document).ServerSideEncryptionRule.ApplyServerSideEncryptionByDefault
    .SSEAlgorithm;
}

/**
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0005-00000003 unknown algorithms
 * @see https://help.aliyun.com/en/oss/user-guide/0005-00000203 KMSDataEncryption
 * @see https://help.aliyun.com/en/oss/user-guide/0005-00000204 a key without KMS
 */
export const checkEncryption: ConfigurationRule = (document) => {
  const rule = parseConfiguration(encryptionSchema, document).ServerSideEncryptionRule
    .ApplyServerSideEncryptionByDefault;
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId = "", KMSDataEncryption: dataEncryption = "" } = rule;
  if (!isEncryption(algorithm)) {
    throw new OssFault("InvalidEncryptionAlgorithmError", {
      message: `Invalid Encryption Algorithm ${algorithm}. Supported: ${ENCRYPTIONS.join(", ")}.`,
      ec: "0005-00000003",
    });
  }
  if (algorithm !== "KMS" && keyId !== "") {
    throw new OssFault("InvalidArgument", { message: "KMSMasterKeyID needs KMS.", ec: "0005-00000204" });
  }
  if (dataEncryption !== "" && (algorithm !== "KMS" || dataEncryption !== "SM4")) {
    throw new OssFault("InvalidArgument", { message: "Invalid KMSDataEncryption.", ec: "0005-00000203" });
  }
};
