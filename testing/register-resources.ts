import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compiledFile, REPOSITORY } from "../engine/repository";
import * as source from "../provider/resources/registration";
import { HOST_VARIABLE } from "./resource-host";

// A program of a test imports this file first: its resources, of the package and of the sources, then belong to the test's host.
if (process.env[HOST_VARIABLE] === "native") {
  const compiled: typeof source = require(compiledFile("provider/resources/registration.js"));
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
  for (const { registerNatively } of [source, compiled]) registerNatively({ version });
}
