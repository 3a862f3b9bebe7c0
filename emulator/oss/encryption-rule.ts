import { z } from "zod";
import { type ConfigurationRule, parseConfiguration, text } from "./configuration-rule";
import { ENCRYPTIONS, type Encryption, isEncryption } from "./encryption";
import { OssFault } from "./oss-fault";
import { xmlDocument } from "./oss-xml";

const encryptionSchema = z.object({
  ServerSideEncryptionRule: z.object({
    ApplyServerSideEncryptionByDefault: z.object({
      SSEAlgorithm: text,
      KMSMasterKeyID: text.optional(),
      KMSDataEncryption: text.optional(),
    }),
  }),
});

/** The settings of a document that `checkEncryption` accepted. */
export function encryptionIn(document: unknown): Encryption {
  const rule = parseConfiguration(encryptionSchema, document).ServerSideEncryptionRule
    .ApplyServerSideEncryptionByDefault;
  return {
    algorithm: rule.SSEAlgorithm,
    keyId: rule.KMSMasterKeyID || undefined,
    dataEncryption: rule.SSEAlgorithm === "KMS" ? rule.KMSDataEncryption || undefined : undefined,
  };
}

/** The members of a rule, as GetBucketEncryption and GetBucketInfo show them. */
export function encryptionElements({ algorithm, keyId, dataEncryption }: Encryption) {
  return { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId, KMSDataEncryption: dataEncryption };
}

/** The encryption configuration of a bucket, as GetBucketEncryption returns it. */
export function encryptionDocument(encryption: Encryption): string {
  return xmlDocument("ServerSideEncryptionRule", {
    ApplyServerSideEncryptionByDefault: encryptionElements(encryption),
  });
}

/**
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0005-00000003 unknown algorithms
 * @see https://help.aliyun.com/en/oss/user-guide/0005-00000203 KMSDataEncryption. Without KMS it has no effect, as the
 * test test_put_bucket_encryption of oss2 2.19.1 shows.
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
  if (dataEncryption !== "" && dataEncryption !== "SM4") {
    throw new OssFault("InvalidArgument", { message: "Invalid KMSDataEncryption.", ec: "0005-00000203" });
  }
};
