import assert from "node:assert/strict";
import { join } from "node:path";
import { load, type Program } from "../../scripts/bundle/load.ts";
import { eventually, withDirectory } from "../e2e/harness.ts";

const DIGEST = "0".repeat(64);

/** What a program, which sees only global things, tells of itself. */
const TOLD = "a program tells";

const serving: Program = (_require, module) => {
  module.exports = {
    run(serves) {
      dispatchEvent(new CustomEvent("a program tells", { detail: "TEXT" }));
      serves();
      return Promise.resolve();
    },
  };
};

const notServing: Program = (_require, module) => {
  module.exports = { run: () => Promise.resolve() };
};

const failing: Program = () => {
  throw new Error("fails");
};

const needing: Program = (require, module) => {
  const detail = require("node:path");
  module.exports = {
    run: () => Promise.resolve(dispatchEvent(new CustomEvent("a program tells", { detail }))),
  };
};

/**
 * A program that serves and tells a text.
 *
 * @param text V8 keeps what it has compiled within a process as well: give each program its own.
 */
function telling(text: string): Program {
  const source = `${serving}`.replace("TEXT", text);
  return Object.assign((...[require, module]: Parameters<Program>) => serving(require, module), {
    toString: () => source,
  });
}

/** Loads a program, whose code is kept at once. @returns What it tells. */
async function told(program: Program, directory?: string, digest = DIGEST): Promise<unknown[]> {
  const all: unknown[] = [];
  const listener = (event: unknown) => all.push(event instanceof CustomEvent && event.detail);
  addEventListener(TOLD, listener);
  const facts = { digest, url: "file:///bundle.js", linesBefore: 40 };
  try {
    await load(program, facts, { directory, delayMs: 0 });
  } finally {
    removeEventListener(TOLD, listener);
  }
  return all;
}

function codeFile(directory: string): string {
  return join(directory, "nbu_exporter_code");
}

/** Waits until code of a program is kept. */
async function isKept(directory: string, digest = DIGEST): Promise<void> {
  await eventually("its code is kept", async () => {
    const text = await Deno.readTextFile(codeFile(directory));
    return text.startsWith(digest) && text.length > 500;
  });
}

/** `load()` listens to SIGHUP for as long as the process lives. */
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

test("load() keeps the code of a program that serves, for its user alone", async () => {
  await withDirectory(async (directory) => {
    assert.deepEqual(await told(telling("keep"), directory), ["keep"]);
    await isKept(directory);
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
    assert.deepEqual(names, ["nbu_exporter_code"]);
    const { mode } = await Deno.stat(codeFile(directory));
    if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
  });
});

test("load() runs the code that is kept, and not that of another program", async () => {
  await withDirectory(async (directory) => {
    await told(telling("code 1"), directory);
    await isKept(directory);
    // V8 compares no more than the length of the source, and runs what it has.
    assert.deepEqual(await told(telling("code 2"), directory), ["code 1"]);
    const other = "1".repeat(64);
    assert.deepEqual(await told(telling("code 3"), directory, other), ["code 3"]);
    await isKept(directory, other);
    assert.deepEqual(await told(telling("code 4"), directory, other), ["code 3"]);
  });
});

test("load() runs a program whose code is damaged, and keeps it anew", async () => {
  await withDirectory(async (directory) => {
    await told(telling("good"), directory);
    await isKept(directory);
    const good = await Deno.readFile(codeFile(directory));
    const flipped = good.with(-40, ~(good.at(-40) ?? 0));
    const zeros = good.map((byte, index) => index < DIGEST.length ? byte : 0);
    for (const [index, damaged] of [flipped, zeros, good.subarray(0, -1)].entries()) {
      await Deno.writeFile(codeFile(directory), damaged);
      // As long as the good program, whose code would run in its place.
      const text = `bad${index}`;
      assert.deepEqual(await told(telling(text), directory), [text]);
      await eventually("it is kept anew", async () => {
        const text = await Deno.readTextFile(codeFile(directory));
        return text.startsWith(DIGEST) && text.includes(`bad${index}`);
      });
    }
    await Deno.writeFile(codeFile(directory), new Uint8Array());
    assert.deepEqual(await told(telling("none"), directory), ["none"]);
  });
});

test("load() keeps no code of a command that ends", async () => {
  await withDirectory(async (directory) => {
    await told(notServing, directory);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepEqual([...Deno.readDirSync(directory)], []);
  });
});

test("load() runs a program where nothing can be kept", async () => {
  assert.deepEqual(await told(telling("nowhere")), ["nowhere"]);
  const noFolder = join(Deno.execPath(), "no folder");
  assert.deepEqual(await told(telling("no folder"), noFolder), ["no folder"]);
});

test("load() gives a program Node's modules", async () => {
  const { default: path } = await import("node:path");
  assert.deepEqual(await told(needing), [path]);
});

test("load() leaves the places in the stack of an error as they are in the file", async () => {
  await assert.rejects(told(failing), ({ stack = "" }: Error) => {
    assert.match(stack, /file:\/\/\/bundle\.js:42:\d+/);
    return true;
  });
});
