import type { Command } from "commander";

/**
 * The arguments in the order that commander needs: `COMMAND… --option=value… operand…`. Options may then stand before a
 * sub-command, and commander never takes an option's value for an option of a parent command.
 */
export function normalizeArguments(args: readonly string[], program: Command): string[] {
  const { path, command, others } = splitPath(args, program);
  const flags = ownFlagsWithValue(command);
  const normalized = path.map((index) => args[index] ?? "");
  for (let position = 0; position < others.length; position += 1) {
    const arg = others[position] ?? "";
    const value = others[position + 1];
    if (arg === "--") return [...normalized, ...others.slice(position)];
    if (flags.has(arg) && value !== undefined) {
      if (isOptionLike(value))
        command.error(`option '${arg}' has no value (if the value is '${value}', write ${arg}=${value})`);
      normalized.push(`${arg}=${value}`);
      position += 1;
    } else {
      normalized.push(arg);
    }
  }
  return normalized;
}

/** The sub-commands among the arguments, and the arguments without them. */
function splitPath(args: readonly string[], program: Command) {
  const flags = allFlagsWithValue(program);
  const path: number[] = [];
  let command = program;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (flags.has(arg)) {
      index += 1; // the option's value
    } else if (arg === "--" || !isOptionLike(arg)) {
      const subcommand = command.commands.find((each) => each.name() === arg);
      if (subcommand === undefined) break;
      command = subcommand;
      path.push(index);
    }
  }
  return { path, command, others: args.filter((_, index) => !path.includes(index)) };
}

/** A lone dash is an operand. */
const isOptionLike = (arg: string): boolean => arg.length > 1 && arg.startsWith("-");

const ownFlagsWithValue = (command: Command): Set<string> =>
  new Set(command.options.filter(({ required }) => required).flatMap(({ long }) => long ?? []));

const allFlagsWithValue = (command: Command): Set<string> =>
  new Set([...ownFlagsWithValue(command), ...command.commands.flatMap((each) => [...allFlagsWithValue(each)])]);
