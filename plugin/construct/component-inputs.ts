import * as pulumi from "@pulumi/pulumi";
import { migrationError } from "../../provider/errors/migration-error";
import { settledOutput } from "./sdk-runtime";

/** The arguments of a component, as the engine sends them. A missing argument is undefined. */
export class ComponentInputs {
  constructor(private readonly inputs: pulumi.Inputs) {}

  /** @throws `INPUT_INVALID` for an argument that the component does not have */
  requireNames(names: readonly string[]): void {
    const stray = Object.keys(this.inputs).find((name) => !names.includes(name));
    if (stray !== undefined)
      throw invalid(stray, "is not an argument of this component", "Look for a spelling mistake.");
  }

  /** Returns an argument that may be an Output. @throws `INPUT_INVALID` without it */
  required(name: string): pulumi.Input<string> {
    const value: unknown = this.inputs[name];
    if (value === undefined || value === null) throw invalid(name, "is missing", `Set ${name}.`);
    return value as pulumi.Input<string>;
  }

  /** Returns arguments that may be Outputs. */
  // biome-ignore lint/suspicious/noExplicitAny: the schema gives each argument its type
  passed(names: readonly string[]): any {
    return Object.fromEntries(
      names.filter((name) => isGiven(this.inputs[name])).map((name) => [name, this.inputs[name]]),
    );
  }

  /** Returns arguments as plain values. @throws `INPUT_INVALID` for one that is unknown or secret */
  // biome-ignore lint/suspicious/noExplicitAny: the schema gives each argument its type
  async plain(names: readonly string[]): Promise<any> {
    const given = names.filter((name) => isGiven(this.inputs[name]));
    return Object.fromEntries(
      await Promise.all(given.map(async (name) => [name, await plainValue(name, this.inputs[name])] as const)),
    );
  }

  /** Returns the members of an object argument, which may be Outputs. @throws `INPUT_INVALID` if it is unknown as a whole */
  async members(name: string): Promise<pulumi.Inputs | undefined> {
    const value: unknown = this.inputs[name];
    if (!isGiven(value)) return undefined;
    return (pulumi.Output.isInstance(value) ? await plainValue(name, value) : value) as pulumi.Inputs;
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

async function plainValue(name: string, value: unknown): Promise<unknown> {
  const settled = settledOutput(value);
  if (!(await settled.isKnown)) {
    const fault = "is not known before the update, so the component's resources cannot be listed";
    throw invalid(name, fault, "Give a value that does not come from a resource which this update creates or changes.");
  }
  if (await settled.isSecret) throw invalid(name, "is a secret, and the state would show it", "Give a plain value.");
  return settled.promise();
}

const invalid = (property: string, fault: string, remedy: string) =>
  migrationError("INPUT_INVALID", { property, fault, remedy });
