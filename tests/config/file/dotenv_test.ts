import assert from "node:assert/strict";
import { readDotenv } from "../../../src/config/file/dotenv.ts";
import { memoryEnvironment, type MemoryWorld } from "../memory_environment.ts";

function read(world: MemoryWorld) {
  const { get, readTextFile, cwd } = memoryEnvironment(world);
  return readDotenv({ get, readTextFile, cwd, configFolder: "/etc/nbu" });
}

Deno.test("readDotenv() takes .env of the working directory", async () => {
  const files = { "/work-dir/.env": "A=here\n", "/etc/nbu/.env": "A=there\nB=there\n" };
  const dotenv = await read({ files });
  assert.equal(dotenv.file, "/work-dir/.env");
  assert.equal(dotenv.lookup("A"), "here");
  assert.equal(dotenv.lookup("B"), undefined);
});

Deno.test("readDotenv() else takes .env beside the configuration file", async () => {
  const files = { "/etc/nbu/.env": "export A='it is # there'\n# B=no\nC=\n" };
  const dotenv = await read({ files });
  assert.equal(dotenv.file, "/etc/nbu/.env");
  assert.equal(dotenv.lookup("A"), "it is # there");
  assert.equal(dotenv.lookup("B"), undefined);
  assert.equal(dotenv.lookup("C"), "");
});

Deno.test("readDotenv() overrides no variable that is set, not even an empty one", async () => {
  const files = { "/work-dir/.env": "A=file\nB=file\nC=file\n" };
  const dotenv = await read({ files, variables: { A: "set", B: "" } });
  assert.equal(dotenv.lookup("A"), "set");
  assert.equal(dotenv.lookup("B"), "");
  assert.equal(dotenv.lookup("C"), "file");
});

Deno.test("readDotenv() does not change the environment of the process", async () => {
  const name = "NBU_EXPORTER_TEST_DOTENV";
  await read({ files: { "/work-dir/.env": `${name}=x\n` } });
  assert.equal(Deno.env.get(name), undefined);
});

Deno.test("readDotenv() does without", async () => {
  const dotenv = await read({ variables: { A: "set" } });
  assert.equal(dotenv.file, undefined);
  assert.equal(dotenv.lookup("A"), "set");
  assert.deepEqual(dotenv.unusable, []);
});

Deno.test("readDotenv() passes over a folder named .env and a file it may not read", async () => {
  const files = {
    "/work-dir/.env": new Deno.errors.PermissionDenied("no"),
    "/etc/nbu/.env": new Deno.errors.IsADirectory("folder"),
  };
  const dotenv = await read({ files });
  assert.equal(dotenv.file, undefined);
  assert.deepEqual(dotenv.unusable, [
    '"/work-dir/.env" cannot be read: the permission to read it is missing',
  ]);
});

Deno.test("readDotenv() uses nothing of a file with a mistake, and says where it is", async () => {
  const files = { "/work-dir/.env": "A=1\n\nB='s3cret\n" };
  const dotenv = await read({ files });
  assert.equal(dotenv.lookup("A"), undefined);
  assert.deepEqual(dotenv.unusable, [
    '"/work-dir/.env" is not used: line 3: a quoted value has no end',
  ]);
});
