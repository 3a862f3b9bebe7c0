import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../provider/aliyun/settings";
import { constructContext } from "./construct-context";

/** Returns the settings of the component's process, from the same sources as those of the provider's handlers. */
export function programSettings(): Settings {
  const context = constructContext();
  if (context !== undefined) return context.settings;
  const config = pulumi.runtime.allConfig();
  return { config: (key) => config[key], env: (name) => process.env[name] };
}
