import { ASSUME_ROLE_MEMBERS } from "../../../provider/aliyun/credentials/configured-roles";
import { SERVICES } from "../../../provider/aliyun/settings";
import type { PropertySpec } from "./spec";
import type { TypeRegistry } from "./type-registry";

/** The arguments of a provider of this package, which are also its configuration. */
export const providerArguments = (types: TypeRegistry): Record<string, PropertySpec> => ({
  region: text(
    "Region of the instances and buckets, for example `cn-hangzhou`. The `region` of a resource takes precedence.\n\nDefault: ALICLOUD_REGION, then ALIBABA_CLOUD_REGION.",
  ),
  profile: text(
    "Profile of the aliyun CLI that supplies the credentials.\n\nDefault: ALICLOUD_PROFILE, then the vendor's default chain of credentials.",
  ),
  assumeRole: {
    ...types.add("AssumeRole", () => ({
      description: "A RAM role that the credentials assume before each call.",
      type: "object",
      properties: Object.fromEntries(ASSUME_ROLE_MEMBERS.map((member) => [member, ASSUME_ROLE[member]])),
      required: ["roleArn"],
    })),
    description: "A RAM role that the credentials assume before each call.\n\nDefault: ALICLOUD_ASSUME_ROLE_ARN.",
  },
  accessKey: secret(
    "AccessKey id.\n\nDefault: ALICLOUD_ACCESS_KEY, then the other places of the vendor's default chain.",
  ),
  secretKey: secret("AccessKey secret.\n\nDefault: ALICLOUD_SECRET_KEY."),
  securityToken: secret("Token of temporary keys (STS).\n\nDefault: ALICLOUD_SECURITY_TOKEN."),
  endpoints: {
    ...types.add("Endpoints", () => ({
      description: "Addresses of the services: a host or a URL. Only `http://` means plain HTTP.",
      type: "object",
      properties: Object.fromEntries(
        SERVICES.map((service) => [
          service.toLowerCase(),
          text(
            `Address of ${service}.\n\nDefault: ALIBABA_CLOUD_ENDPOINT_${service}, then ${service}_ENDPOINT, then the region's own.`,
          ),
        ]),
      ),
      required: [],
    })),
    description: "Addresses of the services, for networks that do not reach the public ones.",
  },
});

const text = (description: string): PropertySpec => ({ type: "string", description });
const secret = (description: string): PropertySpec => ({ ...text(description), secret: true });

const ASSUME_ROLE: Readonly<Record<(typeof ASSUME_ROLE_MEMBERS)[number], PropertySpec>> = {
  roleArn: text("ARN of the role: `acs:ram::<account>:role/<name>`."),
  externalId: text("External id that the role's trust policy requires."),
  sessionName: text("Name of the session, for audits.\n\nDefault: `sqlserver-migration`."),
  sessionExpiration: { type: "number", description: "Seconds that the temporary keys live.\n\nDefault: 3600." },
  policy: text("A RAM policy, as JSON text, that narrows the permissions of the role."),
};
