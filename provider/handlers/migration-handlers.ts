import type { ResourceHandlers } from "../session/handler-context";
import { checkDeferring, createDeferring, updateDeferring } from "./deferral";
import { remove } from "./delete";
import { diff } from "./diff";
import { importMigration } from "./import";
import { read } from "./read";

/** The handlers of DatabaseMigration. */
export const migrationHandlers: ResourceHandlers = {
  check: checkDeferring,
  diff,
  create: createDeferring,
  update: updateDeferring,
  read,
  import: importMigration,
  delete: remove,
};
