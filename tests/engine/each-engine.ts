import type { Engine } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { ThingsProject } from "./things-project";

const engines = findEngines();

if (!engines.some((engine) => engine.name === "pulumi")) {
  process.stderr.write("tests/engine: no pulumi command here, so only the stand-in is asked\n");
}

/** Engine runs take seconds each, and the real one's more. */
export const ENGINE_TEST_TIMEOUT_MS = 180_000;

type Open = (settings?: ConstructorParameters<typeof ThingsProject>[1]) => ThingsProject;

/**
 * The same tests on every engine that is there: their answers must agree. Each test has projects of its own and most of its
 * time is spent in other processes, so they run side by side.
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
