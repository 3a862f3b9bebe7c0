// The provider of Thing. Each call is appended to calls.jsonl in the project; what it does stands in the inputs:
//   value        echoed into the output `echo`
//   do           { check: { PROPERTY: "reason" }, create: "message", initErrors: [..], update: .., delete: .., delayMs: 0, warn: "..", logError: "..",
//                status: ".." }
//   diff         "none" | "some" | "unset"; default: "some" when `value` differs from the output `value`
//   replaces     names of inputs in `replaces` when there are changes
//   deleteFirst  deleteBeforeReplace
// A file world.json `{ ID: { ...outputs } | null }` is what `read` finds; without an entry it finds what was recorded. An
// entry's `fail` makes `read` fail with that text, its `failDelete` `delete`.
const fs = require("node:fs");
const path = require("node:path");

const file = (name) => path.join(process.cwd(), name);
let config;

function record(method, call) {
  fs.appendFileSync(file("calls.jsonl"), `${JSON.stringify({ method, pid: process.pid, ...call })}\n`);
}

function fail(message) {
  const error = new Error(message);
  error.stack = "";
  return error;
}

async function log(inputs, severity, message, ephemeral) {
  const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
  const { LogRequest } = require("@pulumi/pulumi/proto/engine_pb");
  const grpc = require("@grpc/grpc-js");
  const client = new EngineClient(process.argv.at(-1), grpc.credentials.createInsecure());
  const request = new LogRequest();
  request.setSeverity(severity);
  request.setMessage(message);
  request.setUrn(inputs.resourceUrn ?? "");
  request.setEphemeral(ephemeral);
  await new Promise((resolve, reject) => client.log(request, (error) => (error ? reject(error) : resolve())));
  client.close();
}

const world = () => (fs.existsSync(file("world.json")) ? JSON.parse(fs.readFileSync(file("world.json"), "utf8")) : {});

const outputsOf = (inputs, count) => ({
  ...inputs,
  echo: inputs.value ?? null,
  count,
  greeting: config?.get("greeting"),
});

async function apply(method, inputs, count) {
  const todo = inputs.do ?? {};
  if (todo.status) await log(inputs, 1, todo.status, true);
  if (todo.warn) await log(inputs, 2, todo.warn, false);
  if (todo.logError) await log(inputs, 3, todo.logError, false);
  if (todo.delayMs) await new Promise((resolve) => setTimeout(resolve, todo.delayMs));
  if (todo[method]) throw fail(todo[method]);
  const outs = outputsOf(inputs, count);
  if (todo.initErrors) {
    const error = fail("not shown");
    Object.assign(error, { id: `id-${inputs.name}`, properties: { ...inputs, ...outs }, reasons: todo.initErrors });
    throw error;
  }
  record(`${method}d`, { name: inputs.name });
  return outs;
}

module.exports = {
  configure(request) {
    config = request.config;
  },
  async check(olds, news) {
    record("check", { name: news.name, olds, news });
    const todo = news.do ?? {};
    if (todo.checkWarn) await log(news, 2, todo.checkWarn, false);
    const failures = Object.entries(todo.check ?? {}).map(([property, reason]) => ({ property, reason }));
    const checkedWith = olds.name === undefined ? "nothing" : "olds";
    return { inputs: news.diff === "unset" ? news : { ...news, checkedWith }, failures };
  },
  async diff(id, olds, news) {
    record("diff", { name: news.name, id, olds, news });
    if (news.diff === "unset") return {};
    const changes =
      news.diff === undefined ? JSON.stringify(olds.value) !== JSON.stringify(news.value) : news.diff === "some";
    return { changes, replaces: changes ? news.replaces : [], deleteBeforeReplace: news.deleteFirst === true };
  },
  async create(inputs) {
    record("create", { name: inputs.name, inputs });
    const outs = await apply("create", inputs, 1);
    return { id: `id-${inputs.name}`, outs };
  },
  async read(id, props) {
    record("read", { name: props.name, id, props });
    const found = world()[id];
    if (found === null) return {};
    if (found?.fail) throw fail(found.fail);
    return { id, props: { ...props, ...found } };
  },
  async update(id, olds, news) {
    record("update", { name: news.name, id, olds, news });
    return { outs: await apply("update", news, (olds.count ?? 0) + 1) };
  },
  async delete(id, props) {
    record("delete", { name: props.name, id, props });
    const { failDelete } = world()[id] ?? {};
    if (failDelete) throw fail(failDelete);
    record("deleted", { name: props.name });
  },
};
