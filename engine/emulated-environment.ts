const SERVICES = ["RDS", "OSS", "RAM", "STS", "VPC"];

/** What a program's process needs to reach an emulated cloud instead of the real one, on top of this process's environment. */
export const emulatedEnvironment = (cloud: {
  endpoint: string;
  accessKeyId: string;
  accessKeySecret: string;
}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...Object.fromEntries(SERVICES.map((service) => [`ALIBABA_CLOUD_ENDPOINT_${service}`, cloud.endpoint])),
  ALIBABA_CLOUD_ACCESS_KEY_ID: cloud.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: cloud.accessKeySecret,
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  // Checking all of @pulumi/alicloud's types takes seconds at each run; a program is checked where it is compiled.
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
});
