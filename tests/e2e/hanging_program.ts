/**
 * The exporter on a file system of which a part hangs: no call about a file named `hangs` returns.
 * Each such call is told on standard output.
 *
 * @module
 */
const { stat, open } = Deno;
const isHung = (path: string | URL) => String(path).endsWith("/hangs");
const never = () => {
  Deno.stdout.writeSync(new TextEncoder().encode("a call hangs\n"));
  return new Promise<never>(() => {});
};
Object.assign(Deno, {
  stat: (path: string | URL) => isHung(path) ? never() : stat(path),
  open: (path: string | URL, options?: Deno.OpenOptions) =>
    isHung(path) ? never() : open(path, options),
});
await import("../../main.ts");
