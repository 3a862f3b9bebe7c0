import { clientEnvironment } from "../emulator/client-environment";

/** Type checking @pulumi/alicloud takes seconds in each run, and the build checks the program already. */
export const TRANSPILE_ONLY = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** The environment of a program that uses an emulated cloud: this process's environment plus the endpoints and keys. */
export const emulatedEnvironment = (cloud: Parameters<typeof clientEnvironment>[0]): NodeJS.ProcessEnv => ({
  ...process.env,
  ...clientEnvironment(cloud),
  ...TRANSPILE_ONLY,
});
