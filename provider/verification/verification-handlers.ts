import { isDeepStrictEqual } from "node:util";
import type { PlainObject } from "../model/plain";
import { parseVerificationOutputs, VERIFICATION_MEMBERS } from "../model/verification";
import type { ResourceHandlers } from "../session/handler-context";
import { checkVerification, previewVerification } from "./check-verification";
import { verify } from "./verify";

/** The handlers of MigrationVerification. They open no connection: all they know is in the two files. */
export const verificationHandlers: ResourceHandlers = {
  check: (context, _olds, news) => checkVerification(context, news),
  preview: previewVerification,
  diff: (_context, olds, news) => ({ changes: isChanged(parseVerificationOutputs(olds), news), replaces: [] }),
  create: async ({ urn }, inputs) => ({ id: urn.split("::").at(-1) || "verification", outs: await verify(inputs) }),
  update: async (_context, _olds, news) => ({ outs: await verify(news) }),
  read: async (_context, id, props) => ({ id, props }),
  // A verification is only a record, so there is nothing to delete.
  delete: async () => {},
};

const isChanged = (olds: PlainObject, news: PlainObject): boolean =>
  VERIFICATION_MEMBERS.some((name) => !isDeepStrictEqual(olds[name], news[name]));
