import assert from "node:assert/strict";
import { loadText, type MemoryWorld, problems, siteText } from "../memory_environment.ts";

const logName = (name: string) => siteText([], [`server: {logName: ${name}}`]);
const state = (name: string) => siteText([], [`state: {directory: ${name}}`]);

async function load(text: string, world: MemoryWorld) {
  const { config, warnings } = await loadText(text, world);
  return {
    logFile: config.server.logFile,
    directory: config.state.directory,
    warnings: warnings.map(({ kind, key, message }) => ({ kind, key, message })),
  };
}

Deno.test("relative names of log file and state directory start from the configuration's folder", async () => {
  const world = { directories: ["/etc/nbu", "/etc/nbu/log", "/work-dir", "/work-dir/log"] };
  assert.equal((await load(logName("log/x.log"), world)).logFile, "/etc/nbu/log/x.log");
  assert.equal((await load(state("state"), world)).directory, "/etc/nbu/state");
  const absolute = { directories: ["/var/log"] };
  assert.equal((await load(logName("/var/log/x.log"), absolute)).logFile, "/var/log/x.log");
});

Deno.test("what exists only where the Go exporter has it is used on, with a warning", async () => {
  const world = {
    directories: ["/etc/nbu", "/work-dir", "/work-dir/log", "/work-dir/state"],
    files: { "/work-dir/log/x.log": "" },
  };
  const log = await load(logName("log/x.log"), world);
  assert.equal(log.logFile, "/work-dir/log/x.log");
  assert.deepEqual(log.warnings, [{
    kind: "doubtful",
    key: "server.logName",
    message: "server.logName starts from the folder of this file, but only /work-dir/log/x.log " +
      "exists and is used; move it to /etc/nbu/log/x.log, or write the whole path",
  }]);
  const kept = await load(state("state"), world);
  assert.equal(kept.directory, "/work-dir/state");
  assert.deepEqual(kept.warnings.map(({ key }) => key), ["state.directory"]);
  const both = { ...world, directories: [...world.directories, "/etc/nbu/state"] };
  assert.deepEqual((await load(state("state"), both)).warnings, []);
});

Deno.test("a log file whose folder is only where the Go exporter has it goes there", async () => {
  const world = { directories: ["/etc/nbu", "/work-dir", "/work-dir/log"] };
  const { logFile, warnings } = await load(logName("log/new.log"), world);
  assert.equal(logFile, "/work-dir/log/new.log");
  assert.deepEqual(warnings.map(({ key }) => key), ["server.logName"]);
});

const BAD: readonly (readonly [string, MemoryWorld, RegExp])[] = [
  [
    logName("nowhere/x.log"),
    { directories: ["/etc/nbu"] },
    /^1:19 server\.logName: found "nowhere\/x\.log", .*its folder does not exist; create it/,
  ],
  [logName("/var"), { directories: ["/var"] }, /server\.logName: .*it is a directory/],
  [
    logName("/run/pipe"),
    { directories: ["/run"], pipes: ["/run/pipe"] },
    /server\.logName: .*it is a named pipe/,
  ],
  [
    state("/var/file"),
    { files: { "/var/file": "" } },
    /^1:20 state\.directory: found "\/var\/file", expected a directory \(it is not a/,
  ],
  [state("/var/file/below/it"), { files: { "/var/file": "" } }, /a part of it is not a directory/],
];

Deno.test("log files and state directories that the start would refuse are told with their place", async () => {
  for (const [text, world, message] of BAD) {
    const found = await problems(text, world);
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0] ?? "", message);
  }
});

Deno.test("a log file may be a pipe that the system made", async () => {
  const world = { directories: ["/dev"], pipes: ["/dev/stdout"] };
  assert.equal((await load(logName("/dev/stdout"), world)).logFile, "/dev/stdout");
});
