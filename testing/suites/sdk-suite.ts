import type { Emulator } from "../../emulator/emulator";

export const OUTCOMES = ["passed", "failed", "skipped"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The result of one test of a vendor's suite. */
export interface TestResult {
  test: string;
  outcome: Outcome;
  /** The first lines of the failure, for the report. */
  message?: string;
}

export interface SuiteOptions {
  /** The sources of the SDK, with what its tests need installed. */
  folder: string;
  /** The Python interpreter that has pytest and the SDK's requirements. */
  python: string;
  /** An empty folder for reports. */
  reports: string;
}

/** The integration tests of one SDK. */
export interface SdkSuite {
  name: string;
  /** The version of the sources in a folder; undefined when they are of another SDK. */
  versionIn(folder: string): string | undefined;
  /** Runs the part of the suite that a migration uses. @throws Error when the tests cannot start */
  run(emulator: Emulator, options: SuiteOptions): Promise<TestResult[]>;
}
