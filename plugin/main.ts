import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, packageVersion } from "../provider/cli/program/package-folder";
import { servePlugin } from "../provider/hosts/plugin/serve";

/*
 * The native plugin: the program `pulumi-resource-sqlserver-migration`, which the engine starts for programs in every language.
 */

const schema = readFileSync(join(packageFolder(), "plugin", "schema.json"), "utf8");

servePlugin({ version: packageVersion(), schema }, process).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
