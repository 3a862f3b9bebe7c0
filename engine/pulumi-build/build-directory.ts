import { join } from "node:path";
import { REPOSITORY } from "../repository";
import { pinnedVersions } from "./go-module";

/** Where `npm run engine` puts the Pulumi CLI of the pinned version. */
export function builtCli(repository: string = REPOSITORY): { version: string; directory: string; executable: string } {
  const version = pinnedVersions().pulumi;
  const directory = join(repository, ".work", "engine", version, "bin");
  return { version, directory, executable: join(directory, "pulumi") };
}
