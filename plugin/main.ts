import { servePlugin } from "../provider/hosts/plugin/serve";
import { registerNatively } from "../provider/resources/registration";
import { omitSourcePositions } from "../provider/resources/source-position";
import { construct } from "./construct/construct";
import { failScope } from "./construct/failure-scope";
import schema from "./schema.json"; // imported and not read, so that it is in the bundle

/*
 * The native plugin: the program `pulumi-resource-sqlserver-migration`, which the engine starts for programs in every language.
 */

const { version, pluginDownloadURL } = schema;
// They would be paths of the plugin's machine.
omitSourcePositions();
registerNatively({ version, pluginDownloadURL });

servePlugin({ version, schema: JSON.stringify(schema), construct, failCallOf: failScope }, process).catch(
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
