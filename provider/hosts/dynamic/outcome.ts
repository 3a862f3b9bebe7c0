import { outcomeHandlers } from "../../outcome/outcome-handlers";
import { dynamicProvider } from "./process";

/** The provider module of MigrationOutcome; its `__provider` loads it. */
export = dynamicProvider(outcomeHandlers);
