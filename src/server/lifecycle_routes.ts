/**
 * Reloading and ending over HTTP, where the operator has enabled it.
 *
 * @module
 */
import type { Context } from "hono";
import { refuse } from "./pages/error_page.ts";
import type { Lifecycle, ServerState } from "./state.ts";

type Answer = Response | Promise<Response>;

/** Has the configuration loaded again, and tells how that went. */
export function reloadRoute(c: Context, state: ServerState): Answer {
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
export function quitRoute(c: Context, state: ServerState): Answer {
  return withLifecycle(c, state, (lifecycle) => {
    lifecycle.quit();
    return c.text("Stopping\n");
  });
}

function withLifecycle(
  c: Context,
  state: ServerState,
  act: (lifecycle: Lifecycle) => Answer,
): Answer {
  if (!state.lifecycle) {
    return refuse(c, state, 403, "The lifecycle API is not enabled: see --web.enable-lifecycle");
  }
  // A page of another site must not make the browser of an operator do it.
  const from = c.req.header("Sec-Fetch-Site");
  if (from !== undefined && from !== "same-origin" && from !== "none") {
    return refuse(c, state, 403, "The request comes from a page of another site");
  }
  return act(state.lifecycle);
}
