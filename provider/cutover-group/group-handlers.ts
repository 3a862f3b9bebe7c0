import { knownGroupInputs, parseGroupOutputs } from "../model/cutover-group";
import type { ResourceHandlers } from "../session/handler-context";
import { checkGroup } from "./check-group";
import { openGroup } from "./open-group";
import { wouldOpen } from "./plan-group";
import { readGroup } from "./read-group";

/** The handlers of CutoverGroup. */
export const groupHandlers: ResourceHandlers = {
  check: async (context, olds, news) => checkGroup(context, olds, news),
  diff: (_context, olds, news) => ({
    changes: wouldOpen(parseGroupOutputs(olds), knownGroupInputs(news)),
    replaces: [],
  }),
  create: (context, inputs) => openGroup(context, inputs, []),
  update: (context, olds, news) => openGroup(context, news, parseGroupOutputs(olds).opened),
  read: readGroup,
  // An open database stays open, so there is nothing to delete in the cloud.
  delete: async () => {},
};
