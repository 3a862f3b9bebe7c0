import { HOST_VARIABLE } from "./resource-host";

// A program of a test imports this file first: its resources, of the package and of the sources, then belong to the test's host.
if (process.env[HOST_VARIABLE] === "native") registerAllNatively();

/** Loads the sources here: a program with dynamic resources would otherwise transpile them at each run. */
function registerAllNatively(): void {
  const { readFileSync }: typeof import("node:fs") = require("node:fs");
  const { compiledFile, REPOSITORY }: typeof import("../engine/repository") = require("../engine/repository");
  type Registration = typeof import("../provider/resources/registration");
  const source: Registration = require("../provider/resources/registration");
  const compiled: Registration = require(compiledFile("provider/resources/registration.js"));
  const { version } = JSON.parse(readFileSync(`${REPOSITORY}/package.json`, "utf8"));
  for (const { registerNatively } of [source, compiled]) registerNatively({ version });
}
