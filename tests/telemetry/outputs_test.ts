import assert from "node:assert/strict";
import { configureLogging, LogFileError } from "../../src/telemetry/logging.ts";
import type { LoggingSettings } from "../../src/telemetry/logging.ts";
import { openLogFile } from "../../src/telemetry/logging/log_file.ts";
import { RecordedOutput } from "./_output.ts";

const JSON_LINES: LoggingSettings = { level: "info", format: "json", debug: false };

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function messages(output: RecordedOutput): string[] {
  return output.lines.map((line) => JSON.parse(line).msg);
}

Deno.test("standard output takes a line in pieces", async () => {
  const output = new RecordedOutput();
  const stdout = { write: (bytes: Uint8Array) => output.write(bytes.subarray(0, 3)) };
  const handle = await configureLogging(JSON_LINES, { stdout });
  handle.logger.info("a message of some length");
  await handle.close();
  assert.deepEqual(messages(output), ["a message of some length"]);
});

Deno.test("standard output that is closed ends nothing, and the file goes on", async () => {
  await withFolder(async (folder) => {
    const logFile = `${folder}/exporter.log`;
    let attempts = 0;
    const stdout = {
      write(): Promise<number> {
        attempts += 1;
        return Promise.reject(new Deno.errors.BrokenPipe("Broken pipe"));
      },
    };
    const handle = await configureLogging({ ...JSON_LINES, logFile }, { stdout });
    handle.logger.info("one");
    handle.logger.info("two");
    await handle.close();
    assert.equal(attempts, 1);
    assert.deepEqual(handle.dropped(), { stdout: 2, file: 0 });
    assert.equal((await Deno.readTextFile(logFile)).trim().split("\n").length, 2);
  });
});

Deno.test("standard output that is full for a moment loses no line", async () => {
  const output = new RecordedOutput();
  let refusals = 3;
  const stdout = {
    write(bytes: Uint8Array): Promise<number> {
      if (refusals-- > 0) {
        return Promise.reject(new Deno.errors.WouldBlock("Resource temporarily unavailable"));
      }
      return output.write(bytes);
    },
  };
  const handle = await configureLogging(JSON_LINES, { stdout });
  handle.logger.info("one");
  await handle.close();
  assert.deepEqual(messages(output), ["one"]);
});

Deno.test("standard output that stalls holds up no logging and loses what is beyond the queue", async () => {
  const output = new RecordedOutput();
  const read = Promise.withResolvers<void>();
  const stdout = {
    async write(bytes: Uint8Array): Promise<number> {
      await read.promise;
      return await output.write(bytes);
    },
  };
  const handle = await configureLogging(JSON_LINES, { stdout, maxQueuedBytes: 1000 });
  for (let i = 0; i < 100; i++) handle.logger.info(`line ${i}`);
  const lost = handle.dropped().stdout;
  assert.ok(lost > 50 && lost < 100, `${lost} lines lost`);
  assert.equal(handle.counts().info, 100);
  read.resolve();
  await handle.flush();
  const said = messages(output);
  assert.equal(said.length, 100 - lost + 1);
  assert.equal(said.at(-1), "dropped log lines: output too slow");
  const { level, sink, lines } = JSON.parse(output.lines.at(-1) ?? "");
  assert.deepEqual({ level, sink, lines }, { level: "warn", sink: "stdout", lines: lost });
  await handle.close();
});

Deno.test("LoggingHandle.close() does not wait for a reader of standard output that has stalled", async () => {
  const stdout = {
    // Never ready, as a pipe that somebody has set to non-blocking.
    write: (): Promise<number> => Promise.reject(new Deno.errors.WouldBlock("full")),
  };
  const handle = await configureLogging(JSON_LINES, { stdout });
  handle.logger.info("one");
  await handle.close();
});

Deno.test("a log file that stalls holds up neither the logging nor standard output", async () => {
  await withPipe(async (pipe) => {
    // A pipe with a reader that does not read: it opens, takes some bytes, and then no more.
    const reader = await Deno.open(pipe, { read: true, write: true });
    const output = new RecordedOutput();
    const handle = await configureLogging({ ...JSON_LINES, logFile: pipe }, {
      stdout: output,
      maxQueuedBytes: 200_000,
    });
    const text = "x".repeat(1000);
    // Standard output is asked to take the lines as they come: only the file has a backlog.
    for (let i = 0; i < 500; i++) {
      handle.logger.info(text);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assert.ok(handle.dropped().file > 0);
    assert.equal(handle.dropped().stdout, 0);
    const closed = handle.close();
    const drained = drain(reader);
    await closed;
    reader.close();
    await drained;
  });
});

Deno.test("openLogFile() gives up on a named pipe that nobody reads", async () => {
  await withPipe(async (pipe) => {
    await assert.rejects(openLogFile(pipe, 20), (error) => {
      assert.ok(error instanceof LogFileError);
      assert.match(error.message, /did not open in time, as a named pipe that nobody reads; /);
      return true;
    });
    // Lets the late opening come to its end.
    const reader = await Deno.open(pipe, { read: true, write: true });
    reader.close();
  });
});

/** Runs `work` with a named pipe (not on Windows, which has none in the file system). */
async function withPipe(work: (pipe: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const pipe = `${folder}/pipe`;
    const { success } = await new Deno.Command("mkfifo", { args: [pipe] }).output();
    assert.ok(success, "mkfifo");
    await work(pipe);
  });
}

/** Reads until the reader is closed. */
async function drain(reader: Deno.FsFile): Promise<void> {
  try {
    while (await reader.read(new Uint8Array(1024 * 1024)) !== null);
  } catch (error) {
    if (!(error instanceof Deno.errors.Interrupted)) throw error;
  }
}
