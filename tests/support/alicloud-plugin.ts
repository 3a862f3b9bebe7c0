import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator/emulator";
import { everyEngine } from "../scenarios/harness";

const PLUGINS = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
const hasPlugin = existsSync(PLUGINS) && readdirSync(PLUGINS).some((name) => /^resource-alicloud-v[\d.]+$/.test(name));

/** The engines that can create alicloud resources: the stand-in, and the command if its plugin is installed. */
export const alicloudEngines = everyEngine.filter(({ name }) => name === "stand-in" || hasPlugin);
if (!alicloudEngines.some(({ name }) => name === "pulumi")) {
  console.warn(
    "Programs that create alicloud resources run on the stand-in only: the pulumi command and its alicloud plugin are not both installed.",
  );
}

/** The configuration that connects the plugin to an emulator; it ignores this package's variables (emulator/README.md). */
export function pluginConfig({ endpoint }: Emulator): Record<string, string> {
  const address = new URL(endpoint).host;
  const services = Object.fromEntries(["rds", "ram", "sts", "vpc", "ecs", "location"].map((name) => [name, address]));
  return {
    "alicloud:protocol": "HTTP",
    "alicloud:skipRegionValidation": "true",
    "alicloud:accountType": "Domestic",
    "alicloud:accountId": "1234567890",
    "alicloud:endpoints": JSON.stringify([{ oss: endpoint, ...services }]),
  };
}
