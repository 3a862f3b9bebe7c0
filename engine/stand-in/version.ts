/** What the stand-in writes into a state's manifest, and calls itself. */
export const STAND_IN_VERSION = "v0.1.0-stand-in";
