/**
 * The Alibaba Cloud SDKs, loaded at their first use: @alicloud/rds20140815 alone takes more than a second to load, and a
 * preview in which nothing is new calls no service. `require`, because `import()` of a CommonJS package has another shape.
 */
export const ossSdk = () => require("ali-oss") as typeof import("ali-oss");
export const openApiSdk = () => require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core");
export const rdsSdk = () => require("@alicloud/rds20140815") as typeof import("@alicloud/rds20140815");
