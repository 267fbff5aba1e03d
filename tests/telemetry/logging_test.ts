import assert from "node:assert/strict";
import fc from "fast-check";
import { Secret } from "../../src/base/secret.ts";
import {
  configureLogging,
  LogFileError,
  type LoggingHandle,
  type LoggingSettings,
} from "../../src/telemetry/logging.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { parseLogfmt } from "./_logfmt.ts";
import { RecordedOutput } from "./_output.ts";

const JSON_LINES: LoggingSettings = { level: "info", format: "json", debug: false };
const TEXT_LINES: LoggingSettings = { level: "info", format: "text", debug: false };

async function withLogging(
  settings: LoggingSettings,
  work: (handle: LoggingHandle, output: RecordedOutput) => void | Promise<void>,
): Promise<void> {
  const output = new RecordedOutput();
  // Tests log more at once than the exporter does.
  const dependencies = { stdout: output, maxQueuedBytes: Number.MAX_SAFE_INTEGER };
  const handle = await configureLogging(settings, dependencies);
  try {
    await work(handle, output);
  } finally {
    await handle.close();
  }
}

async function withFolder(work: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("configureLogging() writes logfmt with time, level, message, site and fields", async () => {
  await withLogging(TEXT_LINES, async ({ logger, flush }, output) => {
    logger.with({ site: "a b" }).info("Collected", { collector: "jobs", rows: 3, note: "x y" });
    await flush();
    const [time, ...rest] = output.lines[0]?.split(" ") ?? [];
    assert.match(time ?? "", /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(
      rest.join(" "),
      'level=info msg=Collected site="a b" collector=jobs rows=3 note="x y"',
    );
    assert.equal(output.lines.length, 1);
  });
});

Deno.test("configureLogging() writes a JSON object with time, level, logger, message and fields", async () => {
  await withLogging(JSON_LINES, async ({ logger, flush }, output) => {
    const before = Date.now();
    logger.with({ site: "a" }).warn("Collection failed", { error: new TypeError("bad"), rows: 0 });
    await flush();
    const { time, ...rest } = JSON.parse(output.lines[0] ?? "");
    assert.ok(Date.parse(time) >= before && Date.parse(time) <= Date.now());
    assert.deepEqual(rest, {
      level: "warn",
      logger: "nbu_exporter",
      msg: "Collection failed",
      site: "a",
      error: { name: "TypeError", message: "bad" },
      rows: 0,
    });
  });
});

Deno.test("configureLogging() says nothing of its own", async () => {
  await withLogging({ ...TEXT_LINES, debug: true }, (_handle, output) => {
    assert.equal(output.text, "");
  });
});

Deno.test("configureLogging() leaves braces in a message alone", async () => {
  await withLogging(JSON_LINES, async ({ logger, flush }, output) => {
    logger.info("a {b} {{c}} {", { b: "no" });
    await flush();
    assert.equal(JSON.parse(output.lines[0] ?? "").msg, "a {b} {{c}} {");
  });
});

Deno.test("configureLogging() keeps what is below the level out, unless debugging", async () => {
  const logAll = ({ logger }: LoggingHandle) => {
    logger.debug("d");
    logger.info("i");
    logger.warn("w");
    logger.error("e");
  };
  for (
    const [level, debug, expected] of [
      ["debug", false, 4],
      ["info", false, 3],
      ["warning", false, 2],
      ["error", false, 1],
      ["error", true, 4],
    ] as const
  ) {
    await withLogging({ level, format: "text", debug }, async (handle, output) => {
      logAll(handle);
      await handle.flush();
      assert.equal(output.lines.length, expected, `${level} ${debug}`);
    });
  }
});

Deno.test("LoggingHandle.counts() counts the lines per level, and goes on after reconfigure()", async () => {
  await withLogging(TEXT_LINES, async (handle) => {
    handle.logger.debug("not logged");
    handle.logger.warn("logged");
    const before = handle.counts();
    await handle.reconfigure({ ...TEXT_LINES, level: "debug" });
    handle.logger.debug("logged");
    handle.logger.info("logged");
    handle.logger.error("logged");
    assert.deepEqual(before, { debug: 0, info: 0, warning: 1, error: 0 });
    assert.deepEqual(handle.counts(), { debug: 1, info: 1, warning: 1, error: 1 });
  });
});

Deno.test("LoggingHandle.reconfigure() changes level and format for loggers handed out before", async () => {
  await withLogging(TEXT_LINES, async (handle, output) => {
    const logger = handle.logger.with({ site: "a" });
    await handle.reconfigure({ level: "debug", format: "json", debug: false });
    logger.debug("now seen");
    await handle.flush();
    assert.equal(JSON.parse(output.lines[0] ?? "").msg, "now seen");
  });
});

Deno.test("configureLogging() prints errors with their causes, and stacks only when debugging", async () => {
  const error = new RangeError("outer", { cause: new TypeError("inner", { cause: "deep" }) });
  await withLogging(TEXT_LINES, async ({ logger, flush }, output) => {
    logger.error("Failed", { error });
    await flush();
    assert.match(
      output.text,
      / level=error msg=Failed error="RangeError: outer: caused by TypeError: inner: caused by deep"\n$/,
    );
  });
  await withLogging(JSON_LINES, async ({ logger, flush }, output) => {
    logger.error("Failed", { error });
    await flush();
    assert.deepEqual(JSON.parse(output.text).error, {
      name: "RangeError",
      message: "outer",
      cause: { name: "TypeError", message: "inner", cause: "deep" },
    });
  });
  for (const settings of [TEXT_LINES, JSON_LINES]) {
    await withLogging({ ...settings, debug: true }, async ({ logger, flush }, output) => {
      logger.error("Failed", { error });
      await flush();
      assert.match(output.text, /RangeError: outer\\n +at .*logging_test\.ts/);
      assert.equal(output.lines.length, 1);
    });
  }
});

Deno.test("configureLogging() never prints a secret, nor a registered text in any form", async () => {
  const text = 'k3y/with+odd "chars"~and\\more';
  const secret = new Secret(text);
  const base64 = (prefix: string) => btoa(`${prefix}${text}suffix`);
  const hidden = [
    text,
    encodeURIComponent(text),
    encodeURIComponent(text).replace(/%../g, (hex) => hex.toLowerCase()),
    base64(""),
    base64("x"),
    base64("xy"),
    JSON.stringify({ body: text }),
  ];
  for (const settings of [JSON_LINES, TEXT_LINES]) {
    await withLogging({ ...settings, debug: true }, async (handle, output) => {
      handle.registerSecrets([secret]);
      handle.logger.info("Secret", { secret, list: [secret], nested: { secret } });
      for (const form of hidden) {
        handle.logger.info(`In a message: ${form}`, { field: form, [form]: 1, list: [{ form }] });
        handle.logger.error("In an error", { error: new Error(form, { cause: new Error(form) }) });
      }
      const core = text.slice(4, 12);
      await handle.flush();
      assert.ok(!output.text.includes(text));
      assert.ok(!output.text.includes("k3y"), output.text);
      for (const trace of [core, encodeURIComponent(core), btoa(text).slice(4, 20)]) {
        assert.ok(!output.text.includes(trace), `${trace} in ${output.text}`);
      }
      if (settings === JSON_LINES) {
        for (const line of output.lines) JSON.parse(line);
        const first = JSON.parse(output.lines[0] ?? "");
        assert.equal(first.secret, "[redacted]");
        assert.deepEqual(first.list, ["[redacted]"]);
      }
    });
  }
});

Deno.test("LoggingHandle.registerSecrets() keeps JSON valid whatever the secrets are", async () => {
  await withLogging(JSON_LINES, async (handle, output) => {
    handle.registerSecrets([new Secret("n123"), new Secret("123456"), new Secret("\\u00")]);
    handle.logger.info("x\n1234", { number: 9123456, text: "\u0000", big: 123456n });
    await handle.flush();
    const { msg, number, big } = JSON.parse(output.lines[0] ?? "");
    assert.deepEqual([msg, number, big], ["x\n1234", "9[redacted]", "[redacted]"]);
  });
});

Deno.test("LoggingHandle.registerSecrets() keeps earlier secrets, and passes over the shortest", async () => {
  await withLogging(JSON_LINES, async (handle, output) => {
    handle.registerSecrets([new Secret("first-key")]);
    handle.registerSecrets([new Secret("second-key"), new Secret("e"), new Secret("")]);
    handle.logger.info("first-key second-key e");
    await handle.flush();
    assert.equal(JSON.parse(output.lines[0] ?? "").msg, "[redacted] [redacted] e");
  });
});

Deno.test("LoggingHandle.registerSecrets() hides the lines of a secret of several", async () => {
  const pem =
    "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49\n-----END PRIVATE KEY-----";
  await withLogging(JSON_LINES, async (handle, output) => {
    handle.registerSecrets([new Secret(pem)]);
    handle.logger.info("x", { whole: pem, line: "<MIGHAgEAMBMGByqGSM49AgEGCCqGSM49>" });
    await handle.flush();
    const { whole, line } = JSON.parse(output.lines[0] ?? "");
    assert.deepEqual([whole, line], ["[redacted]", "<[redacted]>"]);
  });
});

Deno.test("every record is one line, and valid JSON in JSON, whatever it holds", async () => {
  const nasty = fc.constantFrom(
    ...["\n", "\r\n", "\u2028", "\u2029", "\u0085", "\u001b[31m", "\u202e", '"', "\\", "\ud800"],
    ...["__proto__", "time", "msg", "level", "constructor", "toString", "0", "", " ", "=", "site"],
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), nasty);
  const value = fc.oneof(
    fc.anything({
      key: text,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withBoxedValues: true,
    }),
    text.map((message) => new Error(message, { cause: message })),
    text.map((message) => new Secret(message)),
    text.map((message) => new AggregateError([message, new Error(message)], message)),
  );
  const fields = fc.dictionary(text, value);
  const lineEnd = /[\n\r\u0085\u2028\u2029\v\f]/;
  for (const settings of [JSON_LINES, TEXT_LINES]) {
    await withLogging({ ...settings, debug: true }, async ({ logger, flush }, output) => {
      let logged = 0;
      fc.assert(fc.property(text, fields, fields, (message, own, inherited) => {
        logger.with(inherited).info(message, own);
        logged += 1;
      }));
      await flush();
      assert.equal(output.lines.length, logged);
      for (const line of output.lines) {
        assert.doesNotMatch(line, lineEnd);
        if (settings === TEXT_LINES) {
          const pairs = parseLogfmt(line);
          assert.deepEqual(pairs.slice(0, 2).map(([key]) => key), ["time", "level"]);
          assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, line);
        }
        if (settings === JSON_LINES) {
          const parsed = JSON.parse(line);
          assert.equal(parsed.level, "info");
          assert.equal(typeof parsed.msg, "string");
          assert.ok(!Number.isNaN(Date.parse(parsed.time)));
        }
      }
    });
  }
});

Deno.test("a field that cannot be read costs that field only", async () => {
  const circular: Record<string, unknown> = { name: "loop" };
  circular["self"] = circular;
  const throwing = {
    fine: 1,
    get bad(): never {
      throw new Error("no");
    },
  };
  const proxy = new Proxy({}, {
    get() {
      throw new Error("no");
    },
    ownKeys() {
      throw new Error("no");
    },
    getPrototypeOf() {
      throw new Error("no");
    },
  });
  let deep: unknown = "bottom";
  for (let i = 0; i < 1000; i++) deep = [deep];
  await withLogging(JSON_LINES, async ({ logger, flush }, output) => {
    logger.info("x", {
      circular,
      throwing,
      proxy,
      deep,
      symbol: Symbol("s"),
      fn: () => 1,
      nothing: undefined,
      nil: null,
      nan: NaN,
      big: 1n,
      date: new Date(0),
      bytes: new Uint8Array(3),
      map: new Map([["k", 1]]),
    });
    await flush();
    const { deep: _deep, time: _time, level: _level, logger: _logger, msg, ...rest } = JSON.parse(
      output.lines[0] ?? "",
    );
    assert.equal(msg, "x");
    assert.deepEqual(rest, {
      circular: { name: "loop", self: "[circular]" },
      throwing: { fine: 1, bad: "[unreadable]" },
      proxy: "[unreadable]",
      symbol: "[symbol]",
      fn: "[function]",
      nil: null,
      nan: "NaN",
      big: "1",
      date: "1970-01-01T00:00:00.000Z",
      bytes: "[3 bytes]",
      map: [["k", 1]],
    });
    assert.match(output.text, /\[too deep\]/);
  });
});

Deno.test("fields whose getter throws cost the fields and not the message", async () => {
  const fields = {
    get bad(): never {
      throw new Error("no");
    },
  };
  await withLogging(JSON_LINES, async ({ logger, flush }, output) => {
    logger.info(
      "still here",
      Object.create(fields, { bad: { enumerable: true, get: () => fields.bad } }),
    );
    await flush();
    const lines = output.lines.map((line) => JSON.parse(line).msg);
    assert.deepEqual(lines, ["still here"]);
  });
});

Deno.test("logfmt gives every value back, whatever is in it", async () => {
  await withLogging(TEXT_LINES, async ({ logger, flush }, output) => {
    logger.info('say "hi" = \\', {
      list: ["a", "b"],
      commas: ["a,b", "c"],
      object: { a: 'x "y"' },
      empty: "",
      none: null,
      "odd key=": 1,
      "odd key_": 2,
      msg: "own",
      lines: "a\nb\tc",
      site: "s",
    });
    await flush();
    const [, ...pairs] = parseLogfmt(output.lines[0] ?? "");
    assert.deepEqual(pairs, [
      ["level", "info"],
      ["msg", 'say "hi" = \\'],
      ["site", "s"],
      ["list", "a,b"],
      ["commas", '["a,b","c"]'],
      ["object", '{"a":"x \\"y\\""}'],
      ["empty", ""],
      ["none", "null"],
      ["odd_key_", "1"],
      ["odd_key__", "2"],
      ["msg_", "own"],
      ["lines", "a\nb\tc"],
    ]);
  });
});

Deno.test("fields named like the line's own members keep their value under another name", async () => {
  await withLogging(JSON_LINES, async ({ logger, flush }, output) => {
    logger.info("x", { msg: 1, msg_: 2, time: 3, level: 4, logger: 5 });
    await flush();
    const line = JSON.parse(output.lines[0] ?? "");
    assert.equal(line.msg, "x");
    assert.deepEqual([line.msg_, line.msg__, line.time_, line.level_, line.logger_], [
      1,
      2,
      3,
      4,
      5,
    ]);
  });
});

Deno.test("configureLogging() appends to the log file as well, made for owner and group", async () => {
  await withFolder(async (folder) => {
    const logFile = `${folder}/exporter.log`;
    for (const message of ["first", "second"]) {
      await withLogging({ ...JSON_LINES, logFile }, async ({ logger, flush }, output) => {
        logger.info(message);
        await flush();
        assert.equal(output.lines.length, 1);
      });
    }
    const lines = (await Deno.readTextFile(logFile)).trim().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line).msg), ["first", "second"]);
    if (Deno.build.os !== "windows") {
      const mode = (await Deno.stat(logFile)).mode ?? 0;
      assert.equal(mode & 0o137, 0, `mode ${mode.toString(8)}`);
    }
  });
});

Deno.test("configureLogging() says what to do when the log file cannot be opened", async () => {
  await withFolder(async (folder) => {
    const logFile = `${folder}/missing/exporter.log`;
    await assert.rejects(configureLogging({ ...JSON_LINES, logFile }), (error) => {
      assert.ok(error instanceof LogFileError);
      assert.equal(error.path, logFile);
      assert.ok(error.cause instanceof Deno.errors.NotFound);
      assert.equal(
        error.message,
        `cannot open the log file "${logFile}": its folder does not exist; let the user of the ` +
          `exporter write to it, or change "server.logName"`,
      );
      return true;
    });
  });
});

Deno.test({
  name: "configureLogging() says when Deno itself may not write the log file",
  permissions: { write: false, read: true },
  async fn() {
    await assert.rejects(
      configureLogging({ ...JSON_LINES, logFile: "/somewhere.log" }),
      /"\/somewhere\.log": Deno was started without --allow-write/,
    );
  },
});

Deno.test("LoggingHandle.reopen() goes on in a new file after the old one was moved away", async () => {
  await withFolder(async (folder) => {
    const logFile = `${folder}/exporter.log`;
    await withLogging({ ...JSON_LINES, logFile }, async (handle) => {
      handle.logger.info("one");
      await Deno.rename(logFile, `${logFile}.1`);
      handle.logger.info("two");
      await handle.reopen();
      handle.logger.info("three");
    });
    const messages = async (file: string) =>
      (await Deno.readTextFile(file)).trim().split("\n").map((line) => JSON.parse(line).msg);
    assert.deepEqual(await messages(`${logFile}.1`), ["one", "two"]);
    assert.deepEqual(await messages(logFile), ["three"]);
  });
});

Deno.test("LoggingHandle.reopen() keeps the old file when the new one cannot be opened", async () => {
  await withFolder(async (folder) => {
    const logFile = `${folder}/logs/exporter.log`;
    await Deno.mkdir(`${folder}/logs`);
    await withLogging({ ...JSON_LINES, logFile }, async (handle, output) => {
      await Deno.rename(`${folder}/logs`, `${folder}/moved`);
      await handle.reopen();
      handle.logger.info("after");
      await handle.flush();
      const levels = output.lines.map((line) => JSON.parse(line).level);
      assert.deepEqual(levels, ["error", "info"]);
    });
    const lines = (await Deno.readTextFile(`${folder}/moved/exporter.log`)).trim().split("\n");
    assert.equal(JSON.parse(lines[1] ?? "").msg, "after");
  });
});

Deno.test("LoggingHandle.reopen() without a file does nothing", async () => {
  await withLogging(JSON_LINES, async (handle, output) => {
    await handle.reopen();
    await handle.flush();
    assert.equal(output.text, "");
  });
});

Deno.test("LoggingHandle.reconfigure() moves to another file, and changes nothing when it cannot", async () => {
  await withFolder(async (folder) => {
    const first = `${folder}/first.log`;
    const second = `${folder}/second.log`;
    await withLogging({ ...JSON_LINES, logFile: first }, async (handle) => {
      await assert.rejects(
        handle.reconfigure({ level: "error", format: "text", debug: false, logFile: folder }),
        LogFileError,
      );
      handle.logger.info("one");
      await handle.reconfigure({ ...JSON_LINES, logFile: second });
      handle.logger.info("two");
      await handle.reconfigure(JSON_LINES);
      handle.logger.info("three");
    });
    assert.equal(JSON.parse(await Deno.readTextFile(first)).msg, "one");
    assert.equal(JSON.parse(await Deno.readTextFile(second)).msg, "two");
  });
});

Deno.test({
  name: "a log file that cannot be written to is told once and ends nothing",
  // Elsewhere no device is always full.
  ignore: skipped("a log file on a device that is full", unlessOn("linux")),
  async fn() {
    await withLogging(
      { ...JSON_LINES, logFile: "/dev/full" },
      async ({ logger, flush }, output) => {
        logger.info("one");
        logger.info("two");
        await flush();
        const messages = output.lines.map((line) => JSON.parse(line).msg);
        assert.deepEqual(messages, ["one", "two", "cannot write to the log file"]);
      },
    );
  },
});

Deno.test("a logger says nothing more after close()", async () => {
  const output = new RecordedOutput();
  const handle = await configureLogging(JSON_LINES, { stdout: output });
  await handle.close();
  handle.logger.error("too late");
  assert.equal(output.text, "");
});
