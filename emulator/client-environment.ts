import type { Emulator } from "./emulator";

const SERVICES = ["RDS", "OSS", "RAM", "STS", "VPC"];

/** The environment variables that point this package's resources and commands to an emulator. */
export const clientEnvironment = ({
  endpoint,
  accessKeyId,
  accessKeySecret,
}: Pick<Emulator, "endpoint" | "accessKeyId" | "accessKeySecret">): Record<string, string> => ({
  ...Object.fromEntries(SERVICES.map((service) => [`ALIBABA_CLOUD_ENDPOINT_${service}`, endpoint])),
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
});
