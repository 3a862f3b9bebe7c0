import {
  BUCKET_UPLOADS_TYPE,
  CUTOVER_GROUP_TYPE,
  MIGRATION_TYPE,
  OUTCOME_TYPE,
  VERIFICATION_TYPE,
} from "./provider-text";

/** Name of the Pulumi package that the native plugin serves. */
export const PACKAGE_NAME = "sqlserver-migration";

/** The types of dynamic resources, by the resource's name. */
const DYNAMIC_TYPES = {
  DatabaseMigration: MIGRATION_TYPE,
  MigrationOutcome: OUTCOME_TYPE,
  CutoverGroup: CUTOVER_GROUP_TYPE,
  MigrationVerification: VERIFICATION_TYPE,
  BucketUploads: BUCKET_UPLOADS_TYPE,
} as const;

/** The name of a custom resource of this package. */
export type ResourceKind = keyof typeof DYNAMIC_TYPES;

export const RESOURCE_KINDS = Object.keys(DYNAMIC_TYPES) as ResourceKind[];

/** Returns the type token of a dynamic resource. */
export const dynamicType = (kind: ResourceKind): string => DYNAMIC_TYPES[kind];

/** Returns the type token of a resource of the native plugin. */
export const nativeType = (kind: ResourceKind): string => `${PACKAGE_NAME}:index:${kind}`;

const KINDS_BY_TYPE = new Map(
  RESOURCE_KINDS.flatMap((kind) => [
    [dynamicType(kind), kind],
    [nativeType(kind), kind],
  ]),
);

/** Returns the kind of a resource from its type token, of either host; undefined for other resources. */
export const kindOfType = (type: string): ResourceKind | undefined => KINDS_BY_TYPE.get(type);

/** Returns the URN of a resource of the same host and parent, from that of another. */
export function siblingUrn(urn: string, kind: ResourceKind, name: string): string {
  const [stack, project, types = ""] = urn.split("::", 3);
  const parents = types.slice(0, types.lastIndexOf("$") + 1);
  const isNative = types.startsWith(`${PACKAGE_NAME}:`, parents.length);
  return [stack, project, `${parents}${isNative ? nativeType(kind) : dynamicType(kind)}`, name].join("::");
}
