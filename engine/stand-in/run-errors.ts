/** Something was wrong that was reported already: nothing more is to be said, but the run ends. */
export class Reported extends Error {}

/** What a program's call gets once the run has been stopped; the SDK then ends the program without a word. */
export class Stopped extends Error {
  constructor() {
    super("resource monitor shut down");
  }
}
