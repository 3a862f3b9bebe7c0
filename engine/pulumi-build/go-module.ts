import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../repository";

/** Directory of the Go module that pins the Pulumi CLI. */
export const GO_MODULE = join(REPOSITORY, "engine", "pulumi");
/**
 * Directory of the Go module that pins the YAML language host. It is a module of its own: the only version that a module proxy
 * serves does not compile with the Pulumi packages of the CLI.
 */
export const YAML_MODULE = join(REPOSITORY, "engine", "pulumi-yaml");

/** The versions that a `go.mod` pins. */
export interface PinnedVersions {
  /** Version of the Pulumi CLI, such as `v3.248.0`. */
  pulumi: string;
  /** The lowest Go version that can build it, such as `1.25.11`. */
  go: string;
}

/** @throws Error when a version is missing */
export function pinnedVersions(goMod: string = readGoMod(GO_MODULE)): PinnedVersions {
  const pulumi = versionOf("github.com/pulumi/pulumi/pkg/v3", goMod);
  const go = /^go (\S+)/m.exec(goMod)?.[1];
  if (!pulumi || !go) throw new Error("go.mod names no version of github.com/pulumi/pulumi/pkg/v3 or of Go");
  return { pulumi, go };
}

/** Version of the YAML language host, such as `v1.25.0`. @throws Error when it is missing */
export function pinnedYamlHost(goMod: string = readGoMod(YAML_MODULE)): string {
  const version = versionOf("github.com/pulumi/pulumi-yaml", goMod);
  if (!version) throw new Error("go.mod names no version of github.com/pulumi/pulumi-yaml");
  return version;
}

/** Directory of a downloaded module that the CLI requires; undefined without Go. */
export function moduleDirectory(path: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const options = { cwd: GO_MODULE, env, encoding: "utf8" } as const;
  const { status, stdout } = spawnSync("go", ["list", "-m", "-f", "{{.Dir}}", path], options);
  return (status === 0 && stdout.trim()) || undefined;
}

const readGoMod = (directory: string): string => readFileSync(join(directory, "go.mod"), "utf8");

const versionOf = (path: string, goMod: string): string | undefined =>
  new RegExp(`^\\s*(?:require )?${path.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(goMod)?.[1];
