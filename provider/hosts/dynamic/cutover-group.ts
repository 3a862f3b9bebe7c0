import { groupHandlers } from "../../cutover-group/group-handlers";
import { dynamicProvider } from "./process";

/** The module that `__provider` of a CutoverGroup names. */
export = dynamicProvider(groupHandlers);
