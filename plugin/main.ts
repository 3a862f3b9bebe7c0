import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, packageVersion } from "../provider/cli/program/package-folder";
import { servePlugin } from "../provider/hosts/plugin/serve";
import { registerNatively } from "../provider/resources/registration";
import { construct } from "./construct/construct";
import { failScope } from "./construct/failure-scope";
import { omitSourcePositions } from "./construct/sdk-runtime";

/*
 * The native plugin: the program `pulumi-resource-sqlserver-migration`, which the engine starts for programs in every language.
 */

const schema = readFileSync(join(packageFolder(), "plugin", "schema.json"), "utf8");

const version = packageVersion();
omitSourcePositions();
registerNatively({ version, pluginDownloadURL: JSON.parse(schema).pluginDownloadURL });

servePlugin({ version, schema, construct, failCallOf: failScope }, process).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
