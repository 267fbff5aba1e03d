import assert from "node:assert/strict";
import { UnhandledErrors } from "../../src/base/unhandled_errors.ts";

Deno.test("UnhandledErrors.catchAll() counts and reports rejections and errors that nothing handles", async () => {
  const errors = new UnhandledErrors();
  const reported: unknown[] = [];
  const both = Promise.withResolvers<void>();
  const letThrough = errors.catchAll((error) => {
    reported.push(error);
    if (reported.length === 2) both.resolve();
  });
  const rejection = new Error("a rejection");
  const thrown = new Error("thrown in a callback");
  Promise.reject(rejection);
  setTimeout(() => {
    throw thrown;
  }, 0);
  await both.promise;
  letThrough();
  assert.equal(errors.count, 2);
  assert.ok(reported.includes(rejection) && reported.includes(thrown));
});
