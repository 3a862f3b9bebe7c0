import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { configJson, secretKeysJson } from "./config-keys";

/** A command that runs a program. */
export interface Launch {
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** What the host knows about one language. */
export interface Language {
  launch(request: RunRequest, engineAddress: string, env: NodeJS.ProcessEnv): Launch;
  /** The interpreter, for `pulumi about`. */
  interpreter(): { executable: string; version: string };
  /** The direct dependencies of the program in a directory, for `pulumi about`. */
  dependencies(directory: string): { name: string; version: string }[];
}

/** The folder of the program's files. */
export const programDirectory = (request: RunRequest): string =>
  request.getInfo()?.getProgramDirectory() || request.getPwd();

/** The stack's configuration, in the variables that every SDK reads. */
export const configVariables = (request: RunRequest): NodeJS.ProcessEnv => ({
  PULUMI_CONFIG: configJson(request.getConfigMap().getEntryList()),
  PULUMI_CONFIG_SECRET_KEYS: secretKeysJson(request.getConfigsecretkeysList()),
});
