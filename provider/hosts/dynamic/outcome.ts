import { outcomeHandlers } from "../../outcome/outcome-handlers";
import { dynamicProvider } from "./process";

/** The module that `__provider` of a MigrationOutcome names. */
export = dynamicProvider(outcomeHandlers);
