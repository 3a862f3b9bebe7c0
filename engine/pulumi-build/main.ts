import { buildEngine } from "./build-engine";

/** `npm run engine`: builds the Pulumi CLI for the tests and the demo. Without Go it does nothing and exits with 0. */
buildEngine({ onOutput: (text) => void process.stderr.write(text) }).then(({ cli, yamlHost }) => {
  console.log(cli.outcome === "built" ? cli.message : `${cli.message} The tests and the demo run on the stand-in.`);
  console.log(yamlHost.outcome === "built" ? yamlHost.message : `${yamlHost.message} Programs in YAML are not tested.`);
  process.exitCode = [cli, yamlHost].some(({ outcome }) => outcome === "failed") ? 1 : 0;
});
