/**
 * Reloading and ending over HTTP, where the operator has enabled it.
 *
 * @module
 */
import type { Context } from "hono";
import { refuse, type RouteResponse } from "./pages/error_page.ts";
import type { Lifecycle, ServerState } from "./state.ts";

/** Has the configuration loaded again, and tells how that went. */
export function reloadRoute(c: Context, state: ServerState): RouteResponse {
  return withLifecycle(
    c,
    state,
    async (lifecycle) =>
      await lifecycle.reload() ? c.text("Reloaded\n") : c.text(
        "The reload failed: the log says why. The old configuration stays in effect\n",
        500,
      ),
  );
}

/** Has the process end. */
export function quitRoute(c: Context, state: ServerState): RouteResponse {
  return withLifecycle(c, state, (lifecycle) => {
    lifecycle.quit();
    return c.text("Stopping\n");
  });
}

function withLifecycle(
  c: Context,
  state: ServerState,
  act: (lifecycle: Lifecycle) => RouteResponse,
): RouteResponse {
  if (!state.lifecycle) {
    return refuse(c, state, 403, "The lifecycle API is not enabled: see --web.enable-lifecycle");
  }
  // Otherwise any web page could have the browser of an operator send it.
  const from = c.req.header("Sec-Fetch-Site");
  if (from !== undefined && from !== "same-origin" && from !== "none") {
    return refuse(c, state, 403, "Cross-site requests are not allowed");
  }
  return act(state.lifecycle);
}
