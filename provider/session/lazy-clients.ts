/**
 * This package's clients and readers, loaded at first use like the SDKs that they call (lazy-sdk.ts): a preview without new
 * resources calls no service.
 */
export const ossClient = () => require("../aliyun/oss/ali-oss-store") as typeof import("../aliyun/oss/ali-oss-store");
export const rdsClient = () => require("../aliyun/rds/rds-client") as typeof import("../aliyun/rds/rds-client");
export const ramClient = () => require("../aliyun/ram/ram-client") as typeof import("../aliyun/ram/ram-client");
export const baselineReader = () => require("../source/baseline-file") as typeof import("../source/baseline-file");
