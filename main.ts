import { developmentBuild } from "./src/base/build_info.ts";
import { boot } from "./src/cli/boot.ts";

await boot(developmentBuild());
