import { groupHandlers } from "../../cutover-group/group-handlers";
import { dynamicProvider } from "./process";

/** The provider module of CutoverGroup; its `__provider` loads it. */
export = dynamicProvider(groupHandlers);
