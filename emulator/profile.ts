import { z } from "zod";
import type { FaultInjector } from "./faults/fault-injector";
import { faultRuleSchema } from "./faults/fault-rule";
import type { Controls } from "./http/admin-handler";

const overrideSchema = z.union([
  z.strictObject({ control: z.string(), argument: z.record(z.string(), z.unknown()) }),
  z.strictObject({ fault: faultRuleSchema }),
]);

/** One request of the emulator's administration that changes an answer: a control or a fault rule. */
export type AnswerOverride = z.input<typeof overrideSchema>;

/** A file with a profile. `npm run acceptance` writes one: how the emulator answers as the live service did. */
const profileSchema = z.object({ emulator: z.array(overrideSchema) });

/** Reads a profile from the text of its file. @throws SyntaxError or ZodError for another file */
export const parseProfile = (text: string): AnswerOverride[] => profileSchema.parse(JSON.parse(text)).emulator;

/** Makes the emulator answer as the profile says. @throws Error for a control that does not exist; ZodError for its argument */
export async function applyProfile(
  overrides: readonly AnswerOverride[],
  controls: Controls,
  faults: FaultInjector,
): Promise<void> {
  for (const override of overrides) {
    if ("fault" in override) {
      faults.add(override.fault);
      continue;
    }
    const control = controls[override.control];
    if (control === undefined)
      throw new Error(`the profile names the control ${override.control}, which does not exist`);
    await control(override.argument);
  }
}
