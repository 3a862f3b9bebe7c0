import * as pulumi from "@pulumi/pulumi";

/** Does nothing: what is measured beside it is what Pulumi itself takes for a dynamic resource. */
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
