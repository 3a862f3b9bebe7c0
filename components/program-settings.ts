import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../provider/aliyun/settings";

/** The settings as the program's own process has them: the same places that the provider's handlers look at. */
export function programSettings(): Settings {
  const config = pulumi.runtime.allConfig();
  return { config: (key) => config[key], env: (name) => process.env[name] };
}
