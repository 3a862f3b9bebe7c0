import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Engine } from "../engine/engine";
import { findCli } from "../engine/find-cli";
import { compiledFile } from "../engine/repository";
import { PACKAGE_NAME } from "../provider/model/resource-type";

/** What serves this package's resources in a program: the SDK's host of dynamic resources, or the native plugin. */
export type ResourceHost = (typeof RESOURCE_HOSTS)[number];
export const RESOURCE_HOSTS = ["dynamic", "native"] as const;

/** The environment variable by which register-resources.ts learns the host of a program's resources. */
export const HOST_VARIABLE = "RESOURCE_HOST";

/** The part of a workspace that depends on the host. A provider of the plugin reads only the configuration of its own package. */
export function hostSettings(
  host: ResourceHost,
  region: string,
  env: NodeJS.ProcessEnv,
): { config: Record<string, string>; env: NodeJS.ProcessEnv } {
  const namespace = host === "native" ? PACKAGE_NAME : "alicloud";
  return { config: { [`${namespace}:region`]: region }, env: { ...env, [HOST_VARIABLE]: host } };
}

/** Whether an engine can serve native resources: the command does, when the plugin of this checkout is beside it. */
export function servesNative({ name }: Engine): boolean {
  const cli = name === "pulumi" ? findCli() : undefined;
  return (
    cli !== undefined &&
    existsSync(join(dirname(cli.executable), "pulumi-resource-sqlserver-migration")) &&
    existsSync(compiledFile("plugin/main.js"))
  );
}
