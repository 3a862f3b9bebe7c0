import type { Engine } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { ThingsProject } from "./things-project";

const engines = findEngines();

if (!engines.some((engine) => engine.name === "pulumi")) {
  process.stderr.write(
    "tests/engine: pulumi is neither installed nor built (npm run engine), so only the stand-in is tested\n",
  );
}

/** Each engine run takes seconds, and longer with the real engine. */
export const ENGINE_TEST_TIMEOUT_MS = 180_000;

type Open = (settings?: ConstructorParameters<typeof ThingsProject>[1]) => ThingsProject;

/**
 * Runs the same tests on every available engine; the results must agree. The tests run in parallel, because each one has its own
 * projects and mostly waits for other processes.
 */
export function describeEachEngine(
  title: string,
  tests: Record<string, (open: Open, engine: Engine) => Promise<void>>,
): void {
  describe.each(engines.map((engine) => [engine.name, engine] as const))(`${title} (%s)`, (_name, engine) => {
    for (const [name, run] of Object.entries(tests)) {
      test.concurrent(
        name,
        async () => {
          const projects: ThingsProject[] = [];
          try {
            await run((settings) => {
              const project = new ThingsProject(engine, settings);
              projects.push(project);
              return project;
            }, engine);
          } finally {
            for (const project of projects) project.remove();
          }
        },
        ENGINE_TEST_TIMEOUT_MS,
      );
    }
  });
}
