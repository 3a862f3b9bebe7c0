/** A RAM policy on one line, ready to paste into the RAM console. */
export const policyText = (actions: readonly string[], resources: readonly string[]): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: actions, Resource: resources }] });
