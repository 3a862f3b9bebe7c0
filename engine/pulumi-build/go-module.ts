import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../repository";

/** Directory of the Go module that pins the Pulumi CLI. */
export const GO_MODULE = join(REPOSITORY, "engine", "pulumi");

/** The versions that a `go.mod` pins. */
export interface PinnedVersions {
  /** Version of the Pulumi CLI, such as `v3.248.0`. */
  pulumi: string;
  /** The lowest Go version that can build it, such as `1.25.11`. */
  go: string;
}

/** @throws Error when a version is missing */
export function pinnedVersions(goMod: string = readFileSync(join(GO_MODULE, "go.mod"), "utf8")): PinnedVersions {
  const pulumi = /^\s*(?:require )?github\.com\/pulumi\/pulumi\/pkg\/v3 (v\S+)/m.exec(goMod)?.[1];
  const go = /^go (\S+)/m.exec(goMod)?.[1];
  if (!pulumi || !go) throw new Error("go.mod names no version of github.com/pulumi/pulumi/pkg/v3 or of Go");
  return { pulumi, go };
}
