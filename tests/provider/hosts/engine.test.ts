import { connectEngine } from "../../../provider/hosts/engine";
import { entryOf } from "../../../provider/model/log";
import { type EngineServer, startEngineServer } from "../support/engine-server";

let engine: EngineServer | undefined;
afterEach(() => engine?.vanish());

test("rows of one resource arrive in order, although the engine handles calls concurrently", async () => {
  const slow = (message: string) => new Promise<void>((resolve) => setTimeout(resolve, message === "first" ? 200 : 0));
  engine = await startEngineServer(slow);
  const log = connectEngine(engine.address);
  log.write(entryOf("warning", "urn:a", "first"));
  log.write(entryOf("info", "urn:a", "second"));
  log.write(entryOf("info", "urn:b", "of another"));
  await log.flush();
  expect(engine.rows.map(({ message }) => message)).toEqual(["of another", "first", "second"]);
});

test("rows for an engine that has exited do not block", async () => {
  engine = await startEngineServer();
  engine.vanish();
  const log = connectEngine(engine.address);
  for (let row = 0; row < 100; row += 1) log.write(entryOf("status", "urn:a", String(row)));
  await expect(log.flush()).resolves.toBeUndefined();
});
