import { verificationHandlers } from "../../verification/verification-handlers";
import { dynamicProvider } from "./process";

/** The provider module of MigrationVerification; its `__provider` loads it. */
export = dynamicProvider(verificationHandlers);
