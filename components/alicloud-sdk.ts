/**
 * The alicloud package, loaded where a component makes one of its resources: a program that names what exists already
 * should not wait for it at each preview.
 */
export const alicloudSdk = () => require("@pulumi/alicloud") as typeof import("@pulumi/alicloud");
