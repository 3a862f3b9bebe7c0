/** The version of the stand-in, also written to the manifest of a state. */
export const STAND_IN_VERSION = "v0.1.0-stand-in";
