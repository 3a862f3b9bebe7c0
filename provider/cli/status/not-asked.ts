import { plural } from "../../errors/message-text";
import { namesByText } from "../../outcome/names-by-text";
import type { FetchedRows } from "./fetch-rows";

/** One text for each reason: the instances whose tasks RDS did not list, and why. */
export function notAskedTexts(notAsked: FetchedRows["notAsked"]): string[] {
  const reasons = notAsked.map(({ instanceId, error }) => ({
    name: instanceId,
    text: error?.message ?? "the edition does not list migration tasks",
  }));
  return namesByText(reasons).map(
    ([why, names]) => `${names.join(", ")} ${plural(names.length, "was", "were")} not asked: ${why}`,
  );
}
