import { main } from "./src/cli.ts";
import { developmentBuild } from "./src/base/build_info.ts";

Deno.exit(await main(Deno.args, developmentBuild()));
