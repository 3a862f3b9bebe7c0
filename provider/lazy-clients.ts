/**
 * This package's own clients and readers, loaded at their first use as the SDKs below them are (lazy-sdk.ts): a preview in
 * which nothing is new calls no service.
 */
export const ossClient = () => require("./oss/ali-oss-store") as typeof import("./oss/ali-oss-store");
export const rdsClient = () => require("./rds/rds-client") as typeof import("./rds/rds-client");
export const ramClient = () => require("./ram/ram-client") as typeof import("./ram/ram-client");
export const baselineReader = () => require("./source/baseline-file") as typeof import("./source/baseline-file");
