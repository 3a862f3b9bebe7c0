import { join } from "node:path";
import { type PythonVenv, prepareVenv } from "./python-venv";

/** A Python with Pulumi's SDK. */
export const preparePythonSdk = (): PythonVenv =>
  prepareVenv("pulumi-sdk", join(__dirname, "..", "engine", "python-requirements.txt"));
