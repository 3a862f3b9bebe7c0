import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Engine, Operation, Run, Workspace } from "./engine";
import { startEngine } from "./engine-process";
import { commonFlags } from "./flags";
import { type DeploymentFile, readDeployment, unlock, writeDeployment } from "./stand-in/state-file";
import { STAND_IN_VERSION } from "./stand-in/version";
import { configOf } from "./workspace-files";

/** Runs the stand-in as a separate process. `main` is the compiled engine/main.js. */
export function standInEngine(main: string): Engine {
  return {
    name: "stand-in",
    version: STAND_IN_VERSION,
    start: async (operation, workspace) => start(main, operation, workspace),
    run: async (operation, workspace) => (await start(main, operation, workspace)).result,
    cancel: async (workspace) => unlock(statePath(workspace)),
    exportState: async (workspace) => {
      const path = statePath(workspace);
      return existsSync(path) ? readDeployment(path) : EMPTY;
    },
    importState: async (workspace, state) => writeDeployment(statePath(workspace), state),
  };
}

const EMPTY: DeploymentFile = { version: 3, deployment: { manifest: { time: "", magic: "", version: "" } } };

const statePath = (workspace: Workspace): string => join(workspace.stateDir, "stand-in", `${workspace.stack}.json`);

function start(main: string, operation: Operation, workspace: Workspace): Promise<Run> {
  if (!existsSync(main)) throw new Error(`the stand-in engine is not built: ${main} is missing; run \`npm run build\``);
  const configFile = join(dirname(statePath(workspace)), `${workspace.stack}.config.json`);
  mkdirSync(dirname(configFile), { recursive: true });
  writeFileSync(configFile, JSON.stringify(configOf(workspace)));
  return startEngine(
    {
      file: process.execPath,
      args: (eventLog) => [
        main,
        operation.kind,
        ...["--project", workspace.projectDir, "--stack", workspace.stack, "--state", statePath(workspace)],
        ...["--config-file", configFile, "--event-log", eventLog],
        ...commonFlags(operation),
      ],
      cwd: workspace.projectDir,
      env: workspace.env ?? process.env,
    },
    workspace,
  );
}
