import assert from "node:assert/strict";
import { join } from "node:path";
import type { ParsedPage } from "../testing/parsed_page.ts";
import { createSimulator, type RunningSimulator, type Simulator } from "../simulator/simulator.ts";
import {
  configText,
  eventually,
  type Exporter,
  freePort,
  withDirectory,
  withExporter,
} from "./harness.ts";

const KEY = "reload-key";
const SUCCESSFUL = "nbu_exporter_config_last_reload_successful";
const TIMESTAMP = "nbu_exporter_config_last_reload_success_timestamp_seconds";

interface Primary {
  readonly simulator: Simulator;
  readonly server: RunningSimulator;
}

/** Runs `body` with two simulated primaries that differ in their number of storage units. */
async function withPrimaries(body: (a: Primary, b: Primary) => Promise<void>): Promise<void> {
  const primaries = await Promise.all([3, 5].map(async (count) => {
    const storageUnits = Array.from({ length: count }, (_, n) => ({
      name: `of ${count}, number ${n}`,
      storageCategory: "MSDP",
      storageServerType: "PureDisk",
    } as const));
    const simulator = createSimulator({ apiKey: KEY, storageUnits });
    return { simulator, server: await simulator.start() };
  }));
  const [a, b] = primaries;
  assert.ok(a && b);
  try {
    await body(a, b);
  } finally {
    await Promise.all(primaries.map(({ server }) => server.close()));
  }
}

function siteOf(site: string, primary: Primary, changes: Record<string, unknown> = {}) {
  const { port } = primary.server;
  return { site, scheme: "http", host: "127.0.0.1", port, apiKey: KEY, timeout: "2s", ...changes };
}

function configOf(port: number, sites: unknown[], server: Record<string, unknown> = {}) {
  return { server: { port, host: "127.0.0.1", ...server }, nbuservers: sites };
}

const units = (page: ParsedPage, site: string) => page.samples("nbu_storage_info", { site }).length;

/** Waits until the page has it. */
function shows(exporter: Exporter, what: string, check: (page: ParsedPage) => boolean) {
  return eventually(what, async () => {
    const page = await exporter.metrics();
    return check(page) && page;
  });
}

async function rewrite(exporter: Exporter, config: unknown): Promise<void> {
  await Deno.writeTextFile(exporter.configFile, configText(config));
}

function reloads(exporter: Exporter): number {
  return exporter.log().split("applied the new configuration").length - 1;
}

/** Rewrites the configuration and waits until it has taken effect. */
async function reload(exporter: Exporter, config: unknown): Promise<void> {
  const before = reloads(exporter);
  await rewrite(exporter, config);
  exporter.signal("SIGHUP");
  await eventually("the reload is done", () => reloads(exporter) > before);
}

Deno.test("SIGHUP adds and removes sites, and leaves those alone that did not change", async () => {
  await withPrimaries(async (a, b) => {
    const port = freePort();
    await withExporter({ config: configOf(port, [siteOf("a", a)]) }, async (exporter) => {
      await shows(exporter, "a is there", (page) => units(page, "a") === 3);
      await reload(exporter, configOf(port, [siteOf("a", a), siteOf("b", b)]));
      await shows(exporter, "b is there", (page) => units(page, "b") === 5);
      assert.equal(a.simulator.requests.count("/ping"), 1, "a was not negotiated again");
      assert.equal(a.simulator.requests.count("/storage/storage-units"), 1, "nor polled");
      await reload(exporter, configOf(port, [siteOf("b", b)]));
      const page = await exporter.metrics();
      for (const name of page.names) {
        assert.equal(page.samples(name, { site: "a" }).length, 0, `${name} of a is gone`);
      }
      assert.equal(units(page, "b"), 5);
      assert.equal(page.value(SUCCESSFUL), 1);
    });
  });
});

Deno.test("SIGHUP makes a site another primary: what was cached goes at once", async () => {
  await withPrimaries(async (a, b) => {
    const port = freePort();
    await withExporter({ config: configOf(port, [siteOf("x", a)]) }, async (exporter) => {
      await shows(exporter, "x is a", (page) => units(page, "x") === 3);
      b.simulator.faults.add({ kind: "latency", ms: 1000 });
      await reload(exporter, configOf(port, [siteOf("x", b, { timeout: "60s" })]));
      assert.equal(units(await exporter.metrics(), "x"), 0, "nothing of the old primary");
      await shows(exporter, "x is b", (page) => units(page, "x") === 5);
    });
  });
});

Deno.test("SIGHUP takes a new key, and requests in flight with the old one come to their end", async () => {
  await withPrimaries(async (a) => {
    const port = freePort();
    const slow = configOf(port, [siteOf("a", a, { timeout: "60s" })], {
      collectionInterval: "1s",
      cacheTTL: 0,
    });
    await withExporter({ config: slow }, async (exporter) => {
      await shows(exporter, "a is there", (page) => units(page, "a") === 3);
      const clear = a.simulator.faults.add({ kind: "latency", ms: 1500 });
      const open = () => a.simulator.requests.all().filter(({ status }) => status === undefined);
      await eventually("a request is in flight", () => open().length > 0);
      const [inFlight] = open();
      await reload(exporter, configOf(port, [siteOf("a", a, { apiKey: "next-key" })]));
      assert.equal(units(await exporter.metrics(), "a"), 3, "it is the same primary");
      assert.match(exporter.log(), /sites_changed=.*a: apiKey/, "which key of which site");
      await eventually(
        "the request has ended",
        () =>
          a.simulator.requests.all().find((request) =>
            request.timeMs === inFlight?.timeMs && request.endpoint === inFlight.endpoint
          )?.status !== undefined,
      );
      clear();
      a.simulator.setApiKey("next-key");
      await eventually(
        "the new key is in use",
        () => a.simulator.requests.all().slice(-1)[0]?.authorization === "valid",
      );
    });
  });
});

Deno.test("SIGHUP changes intervals, log level and the path of the metrics page", async () => {
  await withPrimaries(async (a) => {
    const port = freePort();
    const sites = [siteOf("a", a)];
    await withExporter({ config: configOf(port, sites) }, async (exporter) => {
      await shows(exporter, "a is there", (page) => units(page, "a") === 3);
      assert.doesNotMatch(exporter.log(), / level=debug /);
      const server = { collectionInterval: "1s", cacheTTL: 0, uri: "/nbu/metrics" };
      await reload(exporter, {
        ...configOf(port, sites, server),
        logging: { level: "debug" },
      });
      await eventually(
        "it polls more often",
        () => a.simulator.requests.count("/storage/storage-units") > 3,
      );
      assert.equal(a.simulator.requests.count("/ping"), 1, "with the same client");
      assert.match(exporter.log(), / level=debug /);
      assert.equal((await exporter.get("/nbu/metrics")).status, 200);
      assert.equal((await exporter.get("/metrics")).status, 404);
    });
  });
});

Deno.test("SIGHUP moves the listener without losing a scrape", async () => {
  await withPrimaries(async (a) => {
    const [old, next] = [freePort(), freePort()];
    await withExporter({ config: configOf(old, [siteOf("a", a)]) }, async (exporter) => {
      await shows(exporter, "a is there", (page) => units(page, "a") === 3);
      const answers = async (port: number) => {
        try {
          const response = await fetch(`http://127.0.0.1:${port}/metrics`);
          await response.text();
          return response.status === 200;
        } catch {
          return false;
        }
      };
      let scraping = true;
      let lost = 0;
      let moved = false;
      const scrapes = (async () => {
        while (scraping) {
          // Asked first at the old address: the new one must answer when the old one does not.
          if (!await answers(old)) {
            moved = true;
            if (!await answers(next)) lost += 1;
          }
        }
      })();
      await reload(exporter, configOf(next, [siteOf("a", a)]));
      await eventually("the old address is given up", () => moved);
      scraping = false;
      await scrapes;
      assert.equal(lost, 0);
      assert.equal(await answers(next), true);
    });
  });
});

Deno.test("SIGHUP widens the address on the same port", async () => {
  await withPrimaries(async (a) => {
    const port = freePort();
    await withExporter({ config: configOf(port, [siteOf("a", a)]) }, async (exporter) => {
      await reload(exporter, configOf(port, [siteOf("a", a)], { host: "0.0.0.0" }));
      await shows(exporter, "it answers", (page) => page.value(SUCCESSFUL) === 1);
    });
  });
});

Deno.test("a new port that is taken is refused: the old listener and configuration go on", async () => {
  await withPrimaries(async (a, b) => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    try {
      const port = freePort();
      await withExporter({ config: configOf(port, [siteOf("a", a)]) }, async (exporter) => {
        await shows(exporter, "a is there", (page) => units(page, "a") === 3);
        await rewrite(exporter, configOf(taken.addr.port, [siteOf("b", b)]));
        exporter.signal("SIGHUP");
        const page = await shows(
          exporter,
          "the reload failed",
          (page) => page.value(SUCCESSFUL) === 0,
        );
        assert.equal(units(page, "a"), 3);
        assert.match(exporter.log(), /address is in use/);
        assert.equal(b.simulator.requests.count(), 0, "the new site was never begun");
      });
    } finally {
      taken.close();
    }
  });
});

Deno.test("a bad file changes nothing, says where it is bad, and a good one heals it", async () => {
  await withPrimaries(async (a, b) => {
    const port = freePort();
    const good = configOf(port, [siteOf("a", a)]);
    await withExporter({ config: good }, async (exporter) => {
      const before = await shows(exporter, "a is there", (page) => units(page, "a") === 3);
      for (const bad of ["server: [unclosed", configText(good).replace('"http"', '"ftp"'), ""]) {
        const log = exporter.log().length;
        await Deno.writeTextFile(exporter.configFile, bad);
        exporter.signal("SIGHUP");
        await eventually(
          "it is refused",
          () => exporter.log().slice(log).includes("the running configuration stays in effect"),
        );
        const page = await exporter.metrics();
        assert.equal(page.value(SUCCESSFUL), 0);
        assert.equal(page.value(TIMESTAMP), before.value(TIMESTAMP));
        assert.equal(units(page, "a"), 3);
        if (bad) assert.match(exporter.log().slice(log), /line=\d+ column=\d+/);
      }
      await rewrite(exporter, configOf(port, [siteOf("a", a), siteOf("b", b)]));
      const page = await shows(
        exporter,
        "it is healed",
        (page) => page.value(SUCCESSFUL) === 1 && units(page, "b") === 5,
      );
      assert.ok((page.value(TIMESTAMP) ?? 0) > (before.value(TIMESTAMP) ?? 0));
      assert.equal(a.simulator.requests.count("/ping"), 1, "a ran on through all of it");
    });
  });
});

Deno.test("the file is watched: written in place, and replaced as editors do", async () => {
  await withPrimaries(async (a, b) => {
    const port = freePort();
    const one = configOf(port, [siteOf("a", a)]);
    const two = configOf(port, [siteOf("a", a), siteOf("b", b)]);
    await withExporter({ config: one }, async (exporter, directory) => {
      await shows(exporter, "a is there", (page) => units(page, "a") === 3);
      await rewrite(exporter, two);
      await shows(exporter, "b is added", (page) => units(page, "b") === 5);
      const temporary = join(directory, "config.yaml.new");
      await Deno.writeTextFile(temporary, configText(one));
      await Deno.rename(temporary, exporter.configFile);
      await shows(exporter, "b is removed", (page) => units(page, "b") === 0);
      const done = reloads(exporter);
      await Deno.utime(exporter.configFile, new Date(), new Date());
      await rewrite(exporter, one);
      await rewrite(exporter, two);
      await shows(exporter, "b is added again", (page) => units(page, "b") === 5);
      assert.equal(reloads(exporter), done + 1, "the same content again is no reload");
    });
  });
});

Deno.test("the file is watched as Kubernetes mounts it: a symlink swap elsewhere", async () => {
  await withPrimaries(async (a, b) => {
    await withDirectory(async (mount) => {
      const port = freePort();
      const version = async (name: string, config: unknown) => {
        await Deno.mkdir(join(mount, name));
        await Deno.writeTextFile(join(mount, name, "config.yaml"), configText(config));
      };
      await version("..v1", configOf(port, [siteOf("a", a)]));
      await Deno.symlink("..v1", join(mount, "..data"));
      await Deno.symlink("..data/config.yaml", join(mount, "config.yaml"));
      const args = ["--config", join(mount, "config.yaml")];
      const config = configOf(port, [siteOf("a", a)]);
      await withExporter({ config, args }, async (exporter) => {
        await shows(exporter, "a is there", (page) => units(page, "a") === 3);
        await version("..v2", configOf(port, [siteOf("b", b)]));
        await Deno.symlink("..v2", join(mount, "..data_tmp"));
        await Deno.rename(join(mount, "..data_tmp"), join(mount, "..data"));
        await shows(exporter, "b is there", (page) => units(page, "b") === 5);
      });
    });
  });
});

Deno.test("a rewritten key file is a reload: keys rotate without a signal", async () => {
  await withPrimaries(async (a) => {
    await withDirectory(async (secrets) => {
      const apiKeyFile = join(secrets, "key");
      await Deno.writeTextFile(apiKeyFile, `${KEY}\n`);
      const site = siteOf("a", a, { apiKey: undefined, apiKeyFile });
      const config = configOf(freePort(), [site], { collectionInterval: "1s", cacheTTL: 0 });
      await withExporter({ config }, async (exporter) => {
        await shows(exporter, "a is up", (page) => page.value("nbu_up") === 1);
        a.simulator.setApiKey("rotated");
        await shows(exporter, "the old key is refused", (page) => page.value("nbu_up") === 0);
        await Deno.writeTextFile(apiKeyFile, "rotated\n");
        await shows(exporter, "the new key works", (page) => page.value("nbu_up") === 1);
      });
    });
  });
});

Deno.test("a file that a refused configuration names is watched: making it heals the reload", async () => {
  await withPrimaries(async (a) => {
    await withDirectory(async (secrets) => {
      const apiKeyFile = join(secrets, "key");
      const port = freePort();
      await withExporter({ config: configOf(port, [siteOf("a", a)]) }, async (exporter) => {
        const site = siteOf("b", a, { apiKey: undefined, apiKeyFile });
        await rewrite(exporter, configOf(port, [site]));
        await shows(exporter, "it is refused", (page) => page.value(SUCCESSFUL) === 0);
        await Deno.writeTextFile(apiKeyFile, `${KEY}\n`);
        await shows(
          exporter,
          "it is healed",
          (page) => page.value(SUCCESSFUL) === 1 && units(page, "b") === 3,
        );
      });
    });
  });
});

Deno.test("SIGHUP switches collectors on and off, and gives them other options, undisturbed by the rest", async () => {
  await withPrimaries(async (a) => {
    const port = freePort();
    const withCollectors = (collectors: Record<string, unknown>) => ({
      ...configOf(port, [siteOf("a", a)]),
      collectors,
    });
    const tape = "/storage/drives";
    await withExporter({ config: withCollectors({}) }, async (exporter) => {
      await shows(exporter, "storage is there", (page) => units(page, "a") === 3);
      assert.equal(a.simulator.requests.count(tape), 0);
      await reload(exporter, withCollectors({ tape: { enabled: true } }));
      await shows(
        exporter,
        "tape drives are there",
        (page) => page.samples("nbu_tape_drives_count").length > 0,
      );
      await reload(exporter, withCollectors({ tape: { enabled: false } }));
      const page = await exporter.metrics();
      assert.equal(page.samples("nbu_tape_drives_count").length, 0, "withdrawn at once");
      assert.equal(page.value("nbu_collector_success", { collector: "tape" }), undefined);
      assert.equal(a.simulator.requests.count("/storage/storage-units"), 1, "storage went on");
      await reload(exporter, withCollectors({ storage: { units: { exclude: ["*number 1"] } } }));
      await shows(exporter, "a unit is filtered out", (page) => units(page, "a") === 2);
      assert.equal(a.simulator.requests.count("/ping"), 1, "nothing was negotiated again");
    });
  });
});
