import * as pulumi from "@pulumi/pulumi";

/** Does nothing, to measure the cost of a dynamic resource in Pulumi itself. */
const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    return { id: inputs.text, outs: inputs };
  },
};

class Plain extends pulumi.dynamic.Resource {
  constructor(name: string, text: string) {
    super(provider, name, { text });
  }
}

const count = new pulumi.Config().requireNumber("resources");
for (let index = 1; index <= count; index++) new Plain(`plain${index}`, `text ${index}`);
