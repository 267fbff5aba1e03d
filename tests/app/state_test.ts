import assert from "node:assert/strict";
import { join } from "node:path";
import { openState } from "../../src/app/state.ts";
import { StateDirectoryError } from "../../src/state/errors.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

/** Opens it with what there is, and gives the directory that was chosen. */
async function opened(
  root: string,
  found: { configured?: string; named?: string; usual?: string },
) {
  const { logger, records: lines } = createRecordingLogger();
  const state = await openState({ directory: found.configured }, {
    environment: (name) => name === "STATE_DIRECTORY" ? found.named : undefined,
    clock: createFakeClock(),
    logger,
    usual: found.usual ?? join(root, "missing"),
  });
  state?.close();
  return { directory: state?.directory, lines };
}

async function withRoot(body: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await body(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("openState() prefers the configuration, then systemd's, then the usual directory", async () => {
  await withRoot(async (root) => {
    const [configured, named, usual] = ["a", "b", "c"].map((name) => join(root, name));
    assert.ok(configured && named && usual);
    await Deno.mkdir(usual);
    assert.equal((await opened(root, { configured, named, usual })).directory, configured);
    assert.equal((await opened(root, { named: `${named}:/other`, usual })).directory, named);
    assert.equal((await opened(root, { usual })).directory, usual);
  });
});

Deno.test("openState() makes no directory that nobody has named", async () => {
  await withRoot(async (root) => {
    const usual = join(root, "missing");
    const { directory, lines } = await opened(root, { usual });
    assert.equal(directory, undefined);
    assert.match(JSON.stringify(lines), /counters reset on restart/);
    await assert.rejects(Deno.stat(usual));
  });
});

Deno.test("openState() does without the usual directory when that cannot be used", async () => {
  await withRoot(async (root) => {
    const usual = join(root, "usual");
    // A lock file that cannot be opened.
    await Deno.mkdir(join(usual, "lock"), { recursive: true });
    const { directory, lines } = await opened(root, { usual });
    assert.equal(directory, undefined);
    assert.match(JSON.stringify(lines), /the default is unusable/);
  });
});

Deno.test("openState() refuses a named directory that cannot be used", async () => {
  await withRoot(async (root) => {
    const configured = join(root, "configured");
    await Deno.mkdir(join(configured, "lock"), { recursive: true });
    await assert.rejects(opened(root, { configured }), StateDirectoryError);
  });
});
