import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../../engine/repository";
import { packageVersion } from "../../provider/cli/program/package-folder";
import { PACKAGE_NAME } from "../../provider/model/resource-type";
import { packFolder, writeChecksums } from "./archive";
import { bundlePlugin } from "./bundle";
import { buildExecutable, nodeLicense } from "./executable";
import { bundledPackages, noticesText } from "./notices";
import { platformName } from "./platform";

const PLUGIN = `pulumi-resource-${PACKAGE_NAME}`;
const DIRECTORY = join(REPOSITORY, ".work", "plugin");

/** `npm run plugin`: bundles the plugin and makes this platform's executable, its archive and the checksum. */
async function buildPlugin(): Promise<void> {
  const platform = platformName();
  const content = join(DIRECTORY, platform);
  rmSync(content, { recursive: true, force: true });
  mkdirSync(content, { recursive: true });

  const bundle = await bundlePlugin(join(DIRECTORY, `${PLUGIN}.js`));
  const executable = join(content, process.platform === "win32" ? `${PLUGIN}.exe` : PLUGIN);
  buildExecutable(bundle.file, executable);
  copyFileSync(join(REPOSITORY, "LICENSE"), join(content, "LICENSE"));
  const notices = noticesText(bundledPackages(bundle.modules), { version: process.version, license: nodeLicense() });
  writeFileSync(join(content, "THIRD-PARTY-NOTICES.txt"), notices);

  const archive = `${PLUGIN}-v${packageVersion()}-${platform}.tar.gz`;
  packFolder(DIRECTORY, platform, archive);
  writeChecksums(DIRECTORY);
  for (const file of [bundle.file, executable, join(DIRECTORY, archive)])
    console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}

buildPlugin().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
