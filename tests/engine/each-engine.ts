import type { Engine } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { ThingsProject } from "./things-project";

const engines = findEngines();

if (!engines.some((engine) => engine.name === "pulumi")) {
  process.stderr.write("tests/engine: no pulumi command here, so only the stand-in is asked\n");
}

/** Engine runs take seconds each, and the real one's more. */
export const ENGINE_TEST_TIMEOUT_MS = 120_000;

/** The same tests on every engine that is there: their answers must agree. */
export function describeEachEngine(
  title: string,
  tests: (open: (settings?: ConstructorParameters<typeof ThingsProject>[1]) => ThingsProject, engine: Engine) => void,
): void {
  describe.each(engines.map((engine) => [engine.name, engine] as const))(`${title} (%s)`, (_name, engine) => {
    const projects: ThingsProject[] = [];
    afterEach(() => {
      for (const project of projects.splice(0)) project.remove();
    });
    tests((settings) => {
      const project = new ThingsProject(engine, settings);
      projects.push(project);
      return project;
    }, engine);
  });
}
