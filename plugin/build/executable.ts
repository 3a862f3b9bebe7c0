import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Marks the place for a program in the binary of Node.js. @see https://nodejs.org/api/single-executable-applications.html */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
const RESOURCE = "NODE_SEA_BLOB";

/**
 * Makes one file of a bundle and the Node.js that runs this build. It runs without Node.js on the machine.
 *
 * postject writes into the binary. From 25.5 Node.js does so itself (`--build-sea`), but its binary is 30 MB larger and needs
 * libatomic, which small images lack (seen with 26.12.1).
 */
export function buildExecutable(bundle: string, executable: string): void {
  const blob = `${bundle}.blob`;
  const settings = {
    main: bundle,
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true, // half the start-up time, bench/README.md
  };
  writeFileSync(`${bundle}.json`, JSON.stringify(settings));
  runNode("--experimental-sea-config", `${bundle}.json`);
  copyFileSync(process.execPath, executable);
  const isMac = process.platform === "darwin";
  // macOS runs signed programs only: the signature of Node.js goes, one without an author comes.
  if (isMac) execFileSync("codesign", ["--remove-signature", executable]);
  const segment = isMac ? ["--macho-segment-name", "NODE_SEA"] : [];
  runNode(require.resolve("postject/dist/cli.js"), executable, RESOURCE, blob, "--sentinel-fuse", FUSE, ...segment);
  if (isMac) execFileSync("codesign", ["--sign", "-", executable]);
}

/** Runs Node.js without showing its output, in which postject warns about sections that it does not need. */
const runNode = (...args: string[]): void => void execFileSync(process.execPath, args, { stdio: "pipe" });

/** The license of the Node.js that runs this build, from its archive or from the package of Debian. */
export function nodeLicense(): string {
  const folder = dirname(process.execPath);
  const places = ["LICENSE", "../LICENSE", "../share/doc/nodejs/LICENSE"].map((place) => join(folder, place));
  const file = places.find(existsSync);
  if (file === undefined)
    throw new Error(`No LICENSE of Node.js at ${places.join(", ")}: use an archive of nodejs.org.`);
  return readFileSync(file, "utf8");
}
