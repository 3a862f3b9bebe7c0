import { z } from "zod";
import { UNKNOWN_VALUE } from "./unknown";

/** A value that may be unknown in a preview: another resource computes it. */
export const orUnknown = <T extends z.ZodType>(schema: T) => z.union([z.literal(UNKNOWN_VALUE), schema]);
