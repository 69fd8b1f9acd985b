import { join } from "@std/path";
import { until } from "./_tools.ts";

/** A cluster of one node on this machine; disposing it ends its daemons. */
export interface Cluster extends AsyncDisposable {
  /** What programs of Slurm need in their environment. */
  env: Record<string, string>;
  /** Runs a program of Slurm; gives what it wrote. */
  run(name: string, ...args: string[]): Promise<string>;
  /** The node dies with these processes of its jobs, is noticed, and comes back. */
  restartNode(pids: number[]): Promise<void>;
}

/** Starts `munged`, `slurmctld` and `slurmd` on loopback, with all their files in one folder. */
export async function startCluster(): Promise<Cluster> {
  const folder = await Deno.makeTempDir({ prefix: "slurm" });
  const at = (name: string) => join(folder, name);
  const node = Deno.hostname();
  const env = { SLURM_CONF: at("slurm.conf") };
  await Deno.chmod(folder, 0o755);
  for (const name of ["state", "spool"]) await Deno.mkdir(at(name));
  await Deno.writeFile(at("key"), crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o600 });
  await Deno.writeTextFile(env.SLURM_CONF, configOf(node, at));
  const start = (name: string, ...args: string[]) =>
    new Deno.Command(name, { args, env, stdout: "null", stderr: "null" }).spawn();
  const run = async (name: string, ...args: string[]) => {
    const { stdout } = await new Deno.Command(name, { args, env, stderr: "inherit" }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  const files = { socket: "munge.socket", "key-file": "key", "log-file": "munge.log" };
  const places = Object.entries({ ...files, "pid-file": "munge.pid", "seed-file": "munge.seed" })
    .map(([option, name]) => `--${option}=${at(name)}`);
  const munge = start("munged", "--foreground", "--force", ...places);
  await until(() => Deno.stat(at("munge.socket")).then(() => true, () => false));
  const controller = start("slurmctld", "-D");
  let daemon = start("slurmd", "-D", "-N", node);
  const isIdle = async () => /idle/.test(await run("sinfo", "-h", "-o", "%t"));
  await until(isIdle);
  return {
    env,
    run,
    async restartNode(pids) {
      daemon.kill("SIGKILL");
      for (const pid of pids) Deno.kill(pid, "SIGKILL");
      await daemon.status;
      await run("scontrol", "update", `NodeName=${node}`, "State=DOWN", "Reason=died");
      daemon = start("slurmd", "-D", "-N", node);
      await run("scontrol", "update", `NodeName=${node}`, "State=RESUME");
    },
    async [Symbol.asyncDispose]() {
      for (const process of [daemon, controller, munge]) {
        process.kill("SIGTERM");
        await process.status;
      }
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The least that a cluster of one node with two cores needs. */
function configOf(node: string, at: (name: string) => string): string {
  const [controllerPort, nodePort] = [freePort(), freePort()];
  return `ClusterName=test
SlurmctldHost=${node}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=${Deno.uid() === 0 ? "root" : Deno.env.get("USER")}
SlurmdUser=${Deno.uid() === 0 ? "root" : Deno.env.get("USER")}
AuthType=auth/munge
AuthInfo=socket=${at("munge.socket")},cred_expire=5
CredType=cred/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldPidFile=${at("slurmctld.pid")}
SlurmdPidFile=${at("slurmd.pid")}
SlurmctldLogFile=${at("slurmctld.log")}
SlurmdLogFile=${at("slurmd.log")}
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=1,batch_sched_delay=1
NodeName=${node} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** A port that nobody listens on. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
