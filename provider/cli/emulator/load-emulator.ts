import { createRequire } from "node:module";
import { join } from "node:path";

/** The part of the emulator's package that the command uses. */
interface EmulatorPackage {
  /** Runs until the command ends, or until SIGTERM or SIGINT. Returns the exit status. */
  runEmulator(options: {
    port?: number;
    stateDir?: string;
    region?: string;
    taskMs?: number;
    instances?: readonly string[];
    bucket?: string;
    profile?: string;
    command?: readonly string[];
  }): Promise<number>;
}

const NAME = "pulumi-alicloud-sqlserver-migration-emulator";

/**
 * Loads the emulator that is installed in the project of the working directory. It is no dependency, so that an installation for
 * production does not contain it.
 *
 * @throws Error if it is not installed
 */
export function loadEmulator(): EmulatorPackage {
  const project = createRequire(join(process.cwd(), "package.json"));
  try {
    project.resolve(NAME);
  } catch {
    throw new Error(
      `the package ${NAME} is not installed in this project.\n` +
        "Install it as a development dependency (docs/tutorials/rehearse.md). In a clone: npm run --silent emulator -- [OPTIONS].",
    );
  }
  return project(NAME);
}
