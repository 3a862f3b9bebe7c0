import { migrationHandlers } from "../../handlers/migration-handlers";
import { dynamicProvider } from "./process";

/** The provider module of DatabaseMigration; its `__provider` loads it. */
export = dynamicProvider(migrationHandlers);
