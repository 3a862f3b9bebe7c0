const SERVICES = ["RDS", "OSS", "RAM", "STS", "VPC"];

/** The environment of a program that uses an emulated cloud: this process's environment plus the endpoints and keys. */
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
  // Type checking @pulumi/alicloud takes seconds in each run, and the build checks the program already.
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
});
