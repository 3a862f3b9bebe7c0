import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { stopProcessTree } from "../../faults/process-tree";

const stateOf = (pid: number) => execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).charAt(0);

test("a process and its child stand still until they are continued", async () => {
  const child = spawn("sh", ["-c", "sleep 30 & echo $!; wait"], { stdio: ["ignore", "pipe", "ignore"] });
  const [printed] = await once(child.stdout, "data");
  const pids = [child.pid ?? Number.NaN, Number(String(printed).trim())];
  try {
    const resume = stopProcessTree(pids[0] ?? Number.NaN);
    expect(pids.map(stateOf)).toEqual(["T", "T"]);
    resume();
    expect(pids.map(stateOf)).not.toContain("T");
  } finally {
    for (const pid of pids) process.kill(pid, "SIGKILL");
  }
});
