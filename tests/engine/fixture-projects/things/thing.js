// A resource whose provider is a constant text, as DatabaseMigration's is. What the provider does is written in its inputs
// (see provider.js), so that a test's program says everything about the run.
const pulumi = require("@pulumi/pulumi");

const PROVIDER_TEXT = 'exports.handler = () => require(process.cwd() + "/provider.js")';

class Thing extends pulumi.CustomResource {
  constructor(name, inputs = {}, options) {
    super(
      "pulumi-nodejs:dynamic/things:Thing",
      name,
      { name, echo: undefined, count: undefined, ...inputs, __provider: PROVIDER_TEXT },
      options,
    );
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name, options) {
    super("things:Group", name, {}, options);
  }
}

module.exports = { pulumi, Thing, Group };
