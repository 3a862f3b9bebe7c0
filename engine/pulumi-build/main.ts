import { buildCli } from "./build-cli";

/** `npm run engine`: builds the Pulumi CLI for the tests and the demo. Without Go it does nothing and exits with 0. */
buildCli({ onOutput: (text) => void process.stderr.write(text) }).then(({ outcome, message }) => {
  console.log(outcome === "built" ? message : `${message} The tests and the demo run on the stand-in.`);
  process.exitCode = outcome === "failed" ? 1 : 0;
});
