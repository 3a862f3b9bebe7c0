import { messageText } from "../errors/message-text";
import type { Failure } from "./outputs";

/** A recorded failure as a user reads it: code, cause and remedy. */
export const failureText = (failure: Failure): string => messageText({ ...failure, what: failure.cause });
