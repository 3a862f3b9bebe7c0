/**
 * Loads the alicloud package on first use. It loads slowly, and a program that only names existing resources does not need it.
 */
export const alicloudSdk = () => require("@pulumi/alicloud") as typeof import("@pulumi/alicloud");
