import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The Node.js that becomes the executable: the one that runs this build. */
export interface Runtime {
  /** Path of `node`. */
  node: string;
  version: string;
  /** Text of its license. */
  license: string;
}

/**
 * Undefined when this Node.js cannot make executables: `--build-sea` came with 25.5. Older ones need postject, an alpha version of
 * 2024, and Node.js 20 gets no security fixes since April 2026.
 * @see https://nodejs.org/api/single-executable-applications.html
 */
export function thisRuntime(): Runtime | undefined {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 26) return undefined;
  const folder = dirname(process.execPath);
  const license = [join(folder, "LICENSE"), join(folder, "..", "LICENSE")].find(existsSync);
  if (license === undefined) throw new Error(`no LICENSE of Node.js at ${folder}: use an archive of nodejs.org`);
  return { node: process.execPath, version: process.version, license: readFileSync(license, "utf8") };
}

/** Makes one file of Node.js and a bundle, which runs without Node.js on the machine. */
export function buildExecutable(runtime: Runtime, bundle: string, executable: string): void {
  const settings = {
    main: bundle,
    output: executable,
    disableExperimentalSEAWarning: true,
    useCodeCache: true, // half the start-up time, bench/README.md
  };
  const file = `${bundle}.sea.json`;
  writeFileSync(file, JSON.stringify(settings));
  execFileSync(runtime.node, [`--build-sea=${file}`], { stdio: ["ignore", "ignore", "inherit"] });
  // macOS runs signed programs only, and the signature of Node.js no longer fits. This one names no author.
  if (process.platform === "darwin") execFileSync("codesign", ["--sign", "-", "--force", executable]);
}
