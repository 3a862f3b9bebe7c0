import { parseOutcomeOutputs } from "../model/outcome";
import type { ResourceHandlers } from "../session/handler-context";
import { checkOutcome } from "./check-outcome";
import { completeOutcome } from "./complete-outcome";
import { diffOutcome } from "./plan-outcome";
import { previewOutcome } from "./preview-outcome";
import { readOutcome } from "./read-outcome";

/** The handlers of MigrationOutcome. */
export const outcomeHandlers: ResourceHandlers = {
  check: (context, _olds, news) => checkOutcome(context, news),
  preview: previewOutcome,
  diff: ({ log }, olds, news) => {
    const { warnings, ...result } = diffOutcome(olds, news);
    for (const warning of warnings) log.warning(warning);
    return result;
  },
  create: (context, inputs) => completeOutcome(context, inputs, []),
  update: (context, olds, news) => completeOutcome(context, news, parseOutcomeOutputs(olds).summary),
  read: readOutcome,
  // An outcome is only a record, so there is nothing to delete in the cloud.
  delete: async () => {},
};
