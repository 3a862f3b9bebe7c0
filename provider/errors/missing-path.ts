/** What a text is that was given as a path and is something else: the rest of a sentence, and what to do. */
interface Place {
  what: string;
  remedy: string;
}

/** The values of an error about a path that names nothing. `place`: known where the text is no path of this machine. */
export interface MissingPath {
  file: string;
  place?: Place;
}

/** The first line: `x does not exist`, or what `x` is instead of a path. */
export const missingSummary = (subject: string, { place }: Pick<MissingPath, "place">): string =>
  place === undefined ? `${subject} does not exist.` : `${subject} is ${place.what}.`;

/** Inline programs of the Automation API have no Pulumi.yaml of their own. */
const CORRECT_THE_PATH =
  "Correct the path. A relative path starts at the folder of Pulumi.yaml, and in an inline program at the working directory.";

/** The remedy, with what else helps where the path is one of this machine. */
export const missingRemedy = ({ place }: Pick<MissingPath, "place">, otherwise = ""): string =>
  place === undefined ? [CORRECT_THE_PATH, otherwise].filter(Boolean).join(" ") : place.remedy;
