import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersions } from "../pulumi-build/go-module";
import { REPOSITORY } from "../repository";

export const SCHEMA_FILE = join(REPOSITORY, "plugin", "schema.json");

/** The languages whose SDKs are generated, each in a folder of its name. */
export const SDK_LANGUAGES = ["nodejs", "python", "go"] as const;

/** Path of the Go module with the SDK's package. */
export function goModulePath(schemaFile: string = SCHEMA_FILE): string {
  const { language } = JSON.parse(readFileSync(schemaFile, "utf8"));
  return language.go.importBasePath.replace(/\/[^/]+$/, "");
}

/** Validates the schema and writes the SDKs. @throws Error with what is wrong with the schema */
export function generateSdks(executable: string, folder: string, schemaFile: string = SCHEMA_FILE): void {
  execFileSync(executable, [schemaFile, folder], { stdio: "pipe", encoding: "utf8" });
  const { pulumi, go } = pinnedVersions();
  const lines = [`module ${goModulePath(schemaFile)}`, `go ${go}`, `require github.com/pulumi/pulumi/sdk/v3 ${pulumi}`];
  writeFileSync(join(folder, "go", "go.mod"), `${lines.join("\n\n")}\n`);
}
