import { main } from "./src/cli.ts";
import { developmentBuild } from "./src/version.ts";

Deno.exit(await main(Deno.args, developmentBuild()));
