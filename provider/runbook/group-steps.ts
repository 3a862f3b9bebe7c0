import type { ErrorCode } from "../errors/catalogue";
import { appliedStart, comparisonLine, previewHeadlines } from "./expected-lines";
import { code } from "./markdown";
import { PLACEHOLDERS, type RunbookSettings } from "./settings";
import type { Step } from "./step";
import { each, type GroupStepsInput, seconds, summaryWhen, whenAll } from "./step-facts";
import { stepsBefore, stepsOnSource } from "./steps-on-source";

const CODES = {
  notReady: "CUTOVER_NOT_READY",
  groupNotReady: "GROUP_NOT_READY",
  groupIncomplete: "GROUP_INCOMPLETE",
} as const satisfies Record<string, ErrorCode>;

/** The steps before writes stop, until the point of no return, and after it. */
export interface GroupSteps {
  before: Step[];
  closed: Step[];
  open: Step[];
}

export const groupSteps = (input: GroupStepsInput): GroupSteps => ({
  before: stepsBefore(input),
  closed: [...stepsOnSource(input), ...stepsOnCopy(input)],
  open: stepsAfter(input),
});

const stepsOnCopy = (input: GroupStepsInput): Step[] => [
  {
    ...{
      title: "Apply the last log; the copy stays closed",
      who: "Engineer",
      seconds: input.forecast.applying(input.group.databases),
    },
    commands: [input.commands.pulumi("up")],
    expected: appliedStart(),
    go: `the line is printed for ${each(input)}, with the file of the step before`,
    noGo: "way back, or a better file within the time that is left",
    recordedAt: whenAll(input.group, "appliedAt"),
  },
  {
    ...{ title: "Preview the cutover", who: "Engineer", seconds: seconds("preview") },
    commands: [input.commands.setPhase("online"), input.commands.pulumi("preview")],
    expected: previewHeadlines(input.group),
    go: "the preview prints it and has no error",
    noGo: `way back. ${code(input.group.isCutoverGroup ? CODES.groupNotReady : CODES.notReady)} names what is missing`,
  },
  {
    ...{ title: "**Go or no-go**", who: "Decision", seconds: seconds("decide") },
    commands: [],
    text: "Decided by: ______________________________",
    go: "every step above is done",
    noGo: "way back",
  },
];

/** Where sqlcmd reads the password on the destination. Typed by itself: the next line of a pasted block would become the password. */
const passwordText = ({ login = PLACEHOLDERS.login }: RunbookSettings): string =>
  `sqlcmd reads the password of ${code(login)} from the environment. Before the block, by itself: ` +
  "`read -rs SQLCMDPASSWORD && export SQLCMDPASSWORD`. Never use `-P`: lists of processes and the shell's history show it.";

const stepsAfter = (input: GroupStepsInput): Step[] => [
  {
    ...{
      title: "**Point of no return**: open",
      who: "Engineer",
      seconds: input.forecast.opening(input.group.databases),
    },
    commands: [input.commands.pulumi("up"), input.commands.status()],
    expected: summaryWhen(input, "online"),
    go: "the line is printed",
    noGo: input.group.isCutoverGroup
      ? `run ${code("pulumi up")} again. ${code(CODES.groupIncomplete)} names what is open, which stays so`
      : `run ${code("pulumi up")} again`,
    recordedAt: whenAll(input.group, "openedAt"),
  },
  {
    ...{ title: "Create the logins", who: "DBA", seconds: seconds("logins") },
    commands: input.commands.createLogins(),
    text: passwordText(input.settings),
    go: "sqlcmd exits with 0",
    noGo: "create what is missing by hand",
  },
  {
    ...{ title: "Compare", who: "DBA", seconds: seconds("compare") },
    text: `With the same password in the environment; afterwards ${code("unset SQLCMDPASSWORD")}.`,
    commands: [...input.commands.recordDestination(), ...input.commands.comparisons().map(({ command }) => command)],
    expected: input.commands
      .comparisons()
      .map(({ compared }) => comparisonLine(compared))
      .join("\n"),
    go: "every comparison exits with 0",
    noGo: "the applications stay stopped until the difference is explained",
  },
  {
    ...{
      title: "Start the applications on the destination",
      who: "Applications",
      seconds: seconds("startApplications"),
    },
    commands: [],
    text: "How (connection strings, DNS): ______________________________",
    go: "the applications work",
    noGo: "repair forward: there is no way back once they have written",
  },
];
