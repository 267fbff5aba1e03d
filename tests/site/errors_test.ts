import assert from "node:assert/strict";
import { ForbiddenError } from "../../src/site/errors.ts";
import { statusError } from "../testing/fake_client.ts";

Deno.test("ForbiddenError names the method, the permission and the operation that the request takes", () => {
  const list = { endpoint: "/admin/jobs", permission: "|MANAGE|JOBS|", since: "10.0" };
  assert.match(
    new ForbiddenError("a", list, statusError(403)).message,
    /not authorized for GET \/admin\/jobs \(HTTP status 403\): .* the permission "\|MANAGE\|JOBS\|" with VIEW$/,
  );
  const counting = { ...list, endpoint: "/admin/jobs-count-requests", operation: "X", body: {} };
  assert.match(
    new ForbiddenError("a", counting, statusError(401)).message,
    /not authorized for POST \/admin\/jobs-count-requests \(HTTP status 401\): .* with X$/,
  );
});
