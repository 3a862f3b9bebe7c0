import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import {
  BUCKET_UPLOADS_PROVIDER_TEXT,
  CUTOVER_GROUP_PROVIDER_TEXT,
  OUTCOME_PROVIDER_TEXT,
  PROVIDER_TEXT,
  VERIFICATION_PROVIDER_TEXT,
} from "../model/provider-text";
import { dynamicType, nativeType, type ResourceKind } from "../model/resource-type";
import { markNames } from "../model/state-format";
import { PROVIDER_EXPORT, UNRESOLVABLE_PACKAGE } from "../model/unresolvable-package";
import { resourceUrn } from "./resource-urn";

/** The release of the native plugin that serves the resources of this process. */
export interface NativePackage {
  version: string;
  pluginDownloadURL?: string;
}

/** The arguments of pulumi.CustomResource. */
export type Registration = [type: string, name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions];

/** How a resource reaches its provider. */
type Registrar = (kind: ResourceKind, ...rest: RegistrarInput) => Registration;
type RegistrarInput = [name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions];

const PROVIDER_TEXTS: Record<ResourceKind, string> = {
  DatabaseMigration: PROVIDER_TEXT,
  MigrationOutcome: OUTCOME_PROVIDER_TEXT,
  CutoverGroup: CUTOVER_GROUP_PROVIDER_TEXT,
  MigrationVerification: VERIFICATION_PROVIDER_TEXT,
  BucketUploads: BUCKET_UPLOADS_PROVIDER_TEXT,
};

let registrar: Registrar = registerDynamic;

/** Returns how a resource of this package registers in this process: dynamically, unless `registerNatively` was called. */
export const registrationOf: Registrar = (...resource) => registrar(...resource);

/**
 * Registers every later resource of this process with the native plugin, which knows the URN and the preview from the engine's call.
 * The plugin calls it before Construct.
 */
export function registerNatively({ version, pluginDownloadURL }: NativePackage): void {
  registrar = (kind, name, inputs, opts) => [
    nativeType(kind),
    name,
    inputs,
    withAliases(dynamicType(kind), name, { ...opts, version, pluginDownloadURL }),
  ];
}

/** Undoes `registerNatively`. */
export function registerDynamically(): void {
  registrar = registerDynamic;
}

function registerDynamic(kind: ResourceKind, ...[name, inputs, opts]: RegistrarInput): Registration {
  requireResolvableProvider();
  const type = dynamicType(kind);
  const hostInputs = markNames({
    resourceUrn: resourceUrn(type, name, opts.parent),
    // The SDK creates an Output for each member, also for an undefined one.
    ...(pulumi.runtime.isDryRun() ? { preview: true } : {}),
  });
  return [
    type,
    name,
    { ...inputs, ...hostInputs, __provider: PROVIDER_TEXTS[kind] },
    withAliases(nativeType(kind), name, opts),
  ];
}

/**
 * Adds the resource's URN under the other host's type, so that a stack moves between the hosts without a change. The engine applies
 * an alias without a type only to the resource's own type, so each of the program's is repeated with the other.
 */
function withAliases(type: string, name: string, opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const { aliases = [] } = opts;
  // A URN, not `{ type }`: for that the SDK creates ten Outputs, each with a stack trace.
  return { ...opts, aliases: [...aliases, resourceUrn(type, name, opts.parent), ...aliases.flatMap(withType(type))] };
}

const withType =
  (type: string) =>
  (alias: pulumi.Input<pulumi.URN | pulumi.Alias>): pulumi.Alias[] =>
    isPlainAlias(alias) && alias.type === undefined ? [{ ...alias, type }] : [];

const isPlainAlias = (alias: pulumi.Input<pulumi.URN | pulumi.Alias>): alias is pulumi.Alias =>
  typeof alias === "object" && !(alias instanceof Promise) && !pulumi.Output.isInstance(alias);

/** The last folder from which the provider was resolved, so that five hundred resources resolve it once. */
let resolvedFrom: string | undefined;

/** Checks that the host can resolve the provider from the project's folder; its own error would only be "Cannot find module". */
function requireResolvableProvider(): void {
  const folder = process.cwd();
  if (folder === resolvedFrom) return;
  try {
    createRequire(`${folder}/_`).resolve(PROVIDER_EXPORT);
    resolvedFrom = folder;
  } catch (_cause) {
    throw new pulumi.RunError(`${UNRESOLVABLE_PACKAGE.what} ${UNRESOLVABLE_PACKAGE.remedy}`);
  }
}
