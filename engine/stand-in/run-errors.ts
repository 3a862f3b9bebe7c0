/** An error that has already been reported; it ends the run without another message. */
export class Reported extends Error {}

/** The error of calls after the run has been stopped; the SDK then ends the program silently. */
export class Stopped extends Error {
  constructor() {
    super("resource monitor shut down");
  }
}
