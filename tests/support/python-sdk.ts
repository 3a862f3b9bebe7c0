import { join } from "node:path";
import { type PythonVenv, prepareVenv } from "./python-venv";

/** A Python with Pulumi's SDK and what a generated SDK needs. */
export const preparePythonSdk = (): PythonVenv =>
  prepareVenv("python-sdk", join(__dirname, "..", "plugin", "python-requirements.txt"));
