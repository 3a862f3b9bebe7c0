import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { compiledFile } from "../repository";
import { builtCli } from "./build-directory";
import { writeCompanions } from "./companions";
import { GO_MODULE, pinnedVersions } from "./go-module";
import { installedGo, isAtLeast } from "./go-toolchain";

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** `npm run engine`: builds the Pulumi CLI for the tests and the demo. Without Go it does nothing and exits with 0. */
function main(): number {
  const { version, directory, executable } = builtCli();
  mkdirSync(directory, { recursive: true });
  if (existsSync(executable)) {
    writeCompanions(directory, compiledFile("engine/language-host/main.js"));
    console.log(`Pulumi CLI ${version} is already built: ${executable}`);
    return 0;
  }
  const obstacle = obstacleToBuild();
  if (obstacle) {
    console.log(`Pulumi CLI not built: ${obstacle}. The tests and the demo run on the stand-in.`);
    return 0;
  }
  console.log(`Building Pulumi CLI ${version}; the first time this takes 2 to 4 minutes …`);
  const began = Date.now();
  // An interrupted build leaves no file under the final name.
  const unfinished = `${executable}.${process.pid}`;
  const flags = ["-ldflags", `-X ${VERSION_VARIABLE}=${version}`, "-o", unfinished];
  const { status, error } = spawnSync("go", ["build", ...flags, PACKAGE], { cwd: GO_MODULE, stdio: "inherit" });
  if (status !== 0) {
    console.error(`Pulumi CLI not built: go build ${error ? `failed: ${error.message}` : `exited with ${status}`}`);
    return 1;
  }
  writeCompanions(directory, compiledFile("engine/language-host/main.js"));
  renameSync(unfinished, executable);
  console.log(`Built in ${((Date.now() - began) / 1000).toFixed(0)} s: ${executable}`);
  return 0;
}

function obstacleToBuild(): string | undefined {
  if (process.platform === "win32") return "the build supports Linux and macOS only";
  const minimum = pinnedVersions().go;
  const installed = installedGo();
  if (installed === undefined) return `Go is not installed (${minimum} or later is required)`;
  if (!isAtLeast(installed, minimum)) return `Go ${minimum} or later is required, ${installed} is installed`;
  return undefined;
}

process.exitCode = main();
