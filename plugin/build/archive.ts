import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Packs the files of a folder inside `directory`, at the root of a `.tar.gz` beside the folder. */
export function packFolder(directory: string, folder: string, archive: string): void {
  // Relative names: some tar programs take the colon of a Windows path for a host.
  execFileSync("tar", ["-czf", archive, "-C", folder, ...readdirSync(join(directory, folder))], { cwd: directory });
}

/** Writes SHA256SUMS of all archives in a directory, in the format of `sha256sum --check`. */
export function writeChecksums(directory: string): void {
  const names = readdirSync(directory).filter((name) => name.endsWith(".tar.gz"));
  const lines = names.map((name) => `${sha256(join(directory, name))}  ${name}\n`);
  writeFileSync(join(directory, "SHA256SUMS"), lines.join(""));
}

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
