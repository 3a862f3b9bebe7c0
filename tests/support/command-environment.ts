import { delimiter, dirname } from "node:path";
import { findCli } from "../../engine/find-cli";

/** The variables with which commands of a page find the `pulumi` command, use a file backend in `folder` and download nothing. */
export const pulumiEnvironment = (folder: string): NodeJS.ProcessEnv => ({
  PATH: `${dirname(findCli()?.executable ?? "")}${delimiter}${process.env.PATH}`,
  PULUMI_BACKEND_URL: `file://${folder}`,
  PULUMI_CONFIG_PASSPHRASE: "passphrase",
  PULUMI_SKIP_UPDATE_CHECK: "1",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
});
