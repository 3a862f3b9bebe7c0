import { migrationHandlers } from "../../handlers/migration-handlers";
import { dynamicProvider } from "./process";

/** The module that `__provider` of a DatabaseMigration names. */
export = dynamicProvider(migrationHandlers);
