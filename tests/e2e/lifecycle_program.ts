/**
 * The exporter with its lifecycle API enabled, as a program: `--config FILE`.
 *
 * @module
 */
import { App } from "../../src/app.ts";

const [flag, configFile] = Deno.args;
if (flag !== "--config" || !configFile) throw new Error("the test names a configuration");

const app = await App.start({
  configFile,
  debug: false,
  traceBodies: false,
  enableLifecycle: true,
  build: { version: "0.0.0", commit: "test" },
});
await app.quitRequested;
await app.shutdown();
Deno.exit(0);
