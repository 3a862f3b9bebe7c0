import { StepPool } from "../../../engine/stand-in/step-pool";

/** A task that ends when the test ends it. */
function task(name: string, log: string[]) {
  let end: (goOn: boolean) => void = () => undefined;
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  const run = (): Promise<boolean> => {
    log.push(name);
    return ended;
  };
  return { run, end: (goOn = true) => end(goOn) };
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the slots", () => {
  test("a chain waits for a slot, and its submitter with it", async () => {
    const log: string[] = [];
    const pool = new StepPool(1);
    const [one, two] = [task("one", log), task("two", log)];
    await pool.submit([one.run]);
    let submitted = false;
    const second = pool.submit([two.run]).then(() => {
      submitted = true;
    });
    await soon();
    expect([log, submitted]).toEqual([["one"], false]);
    one.end();
    await second;
    expect(log).toEqual(["one", "two"]);
    two.end();
    await pool.idle();
  });

  test("a step that returns false ends its chain", async () => {
    const log: string[] = [];
    const pool = new StepPool(2);
    const [one, two] = [task("one", log), task("two", log)];
    one.end(false);
    const { ended } = await pool.submit([one.run, two.run]);
    await ended;
    expect(log).toEqual(["one"]);
  });

  test("after a cancel no step begins, and running steps are awaited", async () => {
    const log: string[] = [];
    const pool = new StepPool(1);
    const [one, two, three] = [task("one", log), task("two", log), task("three", log)];
    await pool.submit([one.run, two.run]);
    const waiting = pool.submit([three.run]);
    pool.cancel();
    await (await waiting).ended;
    let idle = false;
    const end = pool.idle().then(() => {
      idle = true;
    });
    await soon();
    expect(idle).toBe(false);
    one.end();
    await end;
    expect(log).toEqual(["one"]);
  });
});
