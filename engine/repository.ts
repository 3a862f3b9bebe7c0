import { basename, dirname, join } from "node:path";

/** True for code that runs from `dist`, false for the TypeScript sources. */
const compiled = basename(dirname(__dirname)) === "dist";

/** The root directory of this repository. */
export const REPOSITORY = join(__dirname, compiled ? "../.." : "..");

/** Path of a compiled file, such as `engine/main.js`. The file exists once the package is built. */
export const compiledFile = (path: string): string => join(REPOSITORY, "dist", path);
