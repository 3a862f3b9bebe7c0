import os from "node:os";

/**
 * Hides the credentials of the machine that runs the tests: the SDK's default chain reads the environment, the home folder and
 * the machine's metadata service.
 * @returns a function that restores them
 */
export function hideCredentials(home: string): () => void {
  const environment = { ...process.env };
  for (const name of Object.keys(process.env)) if (/^ALI(BABA)?_?CLOUD/.test(name)) delete process.env[name];
  process.env.ALIBABA_CLOUD_ECS_METADATA_DISABLED = "true";
  const homedir = jest.spyOn(os, "homedir").mockReturnValue(home);
  return () => {
    process.env = environment;
    homedir.mockRestore();
  };
}
