import { isMigrationError } from "../../errors/migration-error";
import type { CheckResult } from "../../model/check-result";
import type { PlainObject } from "../../model/plain";
import type { HandlerContext, ResourceHandlers } from "../../session/handler-context";

/** The check of a preview. The engine calls no other handler of a new dynamic resource then, so an error of `preview` refuses the inputs. */
export async function checkAndPreview(
  handlers: ResourceHandlers,
  context: HandlerContext,
  olds: PlainObject,
  news: PlainObject,
): Promise<CheckResult> {
  const checked = await handlers.check(context, olds, news);
  if (checked.failures.length > 0) return checked;
  try {
    await handlers.preview?.(context, checked.inputs);
    return checked;
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return { ...checked, failures: [{ property: "", reason: error.message }] };
  }
}
