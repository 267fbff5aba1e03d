/**
 * The exporter with a fault of its own: a promise that nothing handles, and an error in a timer, each
 * a while after the start.
 *
 * @module
 */
setTimeout(() => {
  Promise.reject(new Error("a promise that nothing handles"));
  setTimeout(() => {
    throw new Error("an error in a timer");
  }, 0);
}, 1000);
await import("../../main.ts");
