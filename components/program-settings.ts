import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../provider/aliyun/settings";

/** The settings of the program's process, from the same sources as those of the provider's handlers. */
export function programSettings(): Settings {
  const config = pulumi.runtime.allConfig();
  return { config: (key) => config[key], env: (name) => process.env[name] };
}
