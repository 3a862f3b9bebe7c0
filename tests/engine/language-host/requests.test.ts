import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProgramInfo, RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { configJson, configKey, secretKeysJson } from "../../../engine/language-host/config-keys";
import { nodejs } from "../../../engine/language-host/node-launch";
import { programDependencies } from "../../../engine/language-host/program-dependencies";
import { python } from "../../../engine/language-host/python-launch";
import { runResult } from "../../../engine/language-host/run-result";

describe("configuration keys", () => {
  test.each([
    ["demo:config:migrations", "demo:migrations"],
    ["demo:migrations", "demo:migrations"],
    ["demo:config:a:b", "demo:a:b"],
    ["demo:config", "demo:config"],
  ])("%s becomes %s", (key, expected) => {
    expect(configKey(key)).toBe(expected);
  });

  test("values and secret keys use the same form", () => {
    expect(configJson([["demo:config:a", "1"]])).toBe('{"demo:a":"1"}');
    expect(secretKeysJson(["demo:config:a"])).toBe('["demo:a"]');
  });
});

describe("exit codes of a program", () => {
  test("0 is success", () => {
    expect(runResult(0, null).toObject()).toEqual({ error: "", bail: false });
  });
  test("32 means that the SDK has reported the error", () => {
    expect(runResult(32, null).toObject()).toEqual({ error: "", bail: true });
  });
  test("another code is an error", () => {
    expect(runResult(1, null).toObject()).toEqual({ error: "Program exited with non-zero exit code: 1", bail: false });
  });
  test("a signal is an error", () => {
    expect(runResult(null, "SIGKILL").getError()).toBe("Program was ended by signal SIGKILL");
  });
});

describe("a program", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "language-host-")));
  const launcher = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run");
  beforeAll(() => {
    mkdirSync(launcher, { recursive: true });
    writeFileSync(join(launcher, "index.js"), "");
    writeFileSync(join(root, "node_modules", "@pulumi", "pulumi", "package.json"), '{"version":"3.1.2"}');
    writeFileSync(
      join(root, "package.json"),
      '{"dependencies":{"@pulumi/pulumi":"^3.0.0"},"devDependencies":{"missing":"^1.0.0"}}',
    );
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function request(options: Record<string, string | boolean> = {}): RunRequest {
    const info = new ProgramInfo();
    info.setRootDirectory(root);
    info.setProgramDirectory(join(root, "sub"));
    info.setEntryPoint("index.ts");
    info.setOptions(Struct.fromJavaScript(options));
    const run = new RunRequest();
    run.setInfo(info);
    run.setProject("demo");
    run.setStack("dev");
    run.setMonitorAddress("127.0.0.1:1");
    run.setParallel(8);
    run.getConfigMap().set("demo:config:a", "1");
    return run;
  }

  test("runs in the SDK's launcher with the addresses of the engine", () => {
    const { args, cwd, env } = nodejs.launch(request(), "127.0.0.1:2", { HOME: "/home/me" });
    expect(cwd).toBe(join(root, "sub"));
    expect(args.join(" ")).toBe(
      `${join(launcher, "index.js")} --monitor 127.0.0.1:1 --engine 127.0.0.1:2 --project demo --root-directory ${root} ` +
        `--stack dev --pwd ${join(root, "sub")} --parallel 8 index.ts`,
    );
    expect(env).toEqual({
      HOME: "/home/me",
      PULUMI_CONFIG: '{"demo:a":"1"}',
      PULUMI_CONFIG_SECRET_KEYS: "[]",
      PULUMI_NODEJS_TYPESCRIPT: "true",
    });
  });

  test("a preview and the options of the runtime reach the launcher", () => {
    const run = request({ nodeargs: "--no-warnings  --trace-gc", typescript: false });
    run.setDryrun(true);
    const { args, env } = nodejs.launch(run, "127.0.0.1:2", {});
    expect(args.slice(0, 2)).toEqual(["--no-warnings", "--trace-gc"]);
    expect(args.slice(-2)).toEqual(["--dry-run", "index.ts"]);
    expect(env.PULUMI_NODEJS_TYPESCRIPT).toBe("false");
  });

  test("has dependencies with the installed version, or else the declared range", () => {
    expect(programDependencies(root)).toEqual([
      { name: "@pulumi/pulumi", version: "3.1.2" },
      { name: "missing", version: "^1.0.0" },
    ]);
    expect(programDependencies(join(root, "nothing"))).toEqual([]);
  });

  test("in Python runs in the SDK's executor, with the Python of its virtualenv", () => {
    const executor = join(root, "pulumi-language-python-exec");
    const { file, args, cwd, env } = python(executor).launch(request({ virtualenv: "venv" }), "127.0.0.1:2", {});
    expect([file, cwd]).toEqual([join(root, "venv", "bin", "python"), join(root, "sub")]);
    expect(args.join(" ")).toBe(
      `-u ${executor} --monitor 127.0.0.1:1 --engine 127.0.0.1:2 --project demo --root_directory ${root} --stack dev ` +
        `--pwd ${join(root, "sub")} --parallel 8 --dry_run false index.ts`,
    );
    expect(env).toEqual({ PULUMI_CONFIG: '{"demo:a":"1"}', PULUMI_CONFIG_SECRET_KEYS: "[]" });
    expect(python(executor).launch(request(), "127.0.0.1:2", {}).file).toBe("python3");
  });
});
