import { readSources } from "../architecture/import-graph";

it("the demo and the examples print foreign words through the terminal's filter only", () => {
  const calls = readSources(["examples"]).flatMap(({ path, text }) =>
    [...text.matchAll(/(?:console\.\w+|std(?:out|err)\.write)\([^;]*/g)].map(([call]) => `${path}: ${call}`),
  );
  expect(calls.length).toBeGreaterThan(5);
  expect(calls.filter((call) => !/\((?:terminalText|terminalJson)\(/.test(call))).toEqual([]);
});
