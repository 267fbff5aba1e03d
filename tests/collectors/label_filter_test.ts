import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { labelFilter, makeLabelFilter } from "../../src/collectors/options/label_filter.ts";

const allowed = (include: string[], exclude: string[], values: readonly string[]) => {
  const filter = makeLabelFilter(include, exclude);
  return values.filter((value) => filter.allows(value));
};

Deno.test("makeLabelFilter() includes everything where nothing is named", () => {
  fc.assert(fc.property(fc.string(), (value) => makeLabelFilter([], []).allows(value)));
});

Deno.test("makeLabelFilter() takes exact names, upper and lower case apart", () => {
  assert.deepEqual(allowed(["web01"], [], ["web01", "web011", "WEB01", "xweb01", ""]), ["web01"]);
});

Deno.test("makeLabelFilter() takes * for any text, also none, and ? for one character", () => {
  const values = ["web", "web1", "web12", "aweb", "db", ""];
  assert.deepEqual(allowed(["web*"], [], values), ["web", "web1", "web12"]);
  assert.deepEqual(allowed(["*web"], [], values), ["web", "aweb"]);
  assert.deepEqual(allowed(["web?"], [], values), ["web1"]);
  assert.deepEqual(allowed(["w*1*"], [], values), ["web1", "web12"]);
  assert.deepEqual(allowed(["*"], [], values), values);
  assert.deepEqual(allowed(["?*"], [], values), values.slice(0, -1));
  assert.deepEqual(allowed(["**b**"], [], values), ["web", "web1", "web12", "aweb", "db"]);
});

Deno.test("makeLabelFilter() lets what is excluded win over what is included", () => {
  const values = ["web1", "web2", "db1"];
  assert.deepEqual(allowed([], ["web*"], values), ["db1"]);
  assert.deepEqual(allowed(["web*"], ["web2"], values), ["web1"]);
  assert.deepEqual(allowed(["web1"], ["*"], values), []);
});

Deno.test("makeLabelFilter() takes what is special in expressions for itself", () => {
  const special = ["a.b", "a+b", "(a)", "[a]", "{a}", "a|b", "^a$", "a\\b", "a/b", "a-b", "a\nb"];
  for (const name of special) {
    assert.deepEqual(allowed([name], [], special), [name]);
    assert.deepEqual(allowed([`${name}*`], [], special), [name]);
    assert.ok(makeLabelFilter([`${name}?`], []).allows(`${name}😀`), "one character, two units");
  }
  assert.deepEqual(allowed(["a.b*"], [], ["axb"]), []);
  assert.deepEqual(allowed(["a?b"], [], ["a\nb"]), ["a\nb"]);
});

Deno.test("makeLabelFilter() matches any text by itself, and by itself with a star around it", () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !/[*?]/.test(text));
  fc.assert(fc.property(value, value, (value, around) => {
    assert.ok(makeLabelFilter([value], []).allows(value));
    assert.ok(makeLabelFilter([`*${value}*`], []).allows(`${around}${value}${around}`));
    assert.equal(makeLabelFilter([`${value}?`], []).allows(value), false);
  }));
});

Deno.test("labelFilter() reads include and exclude, both optional", () => {
  const schema = labelFilter("clients");
  assert.ok(v.parse(schema, undefined).allows("x"));
  assert.ok(v.parse(schema, {}).allows("x"));
  const filter = v.parse(schema, { include: ["a*"], exclude: ["ab"] });
  assert.deepEqual(["a", "ab", "abc", "x"].filter((value) => filter.allows(value)), ["a", "abc"]);
});

Deno.test("labelFilter() says what is wrong with a filter", () => {
  const messageOf = (value: unknown) => {
    const result = v.safeParse(labelFilter("clients"), value);
    return result.issues?.map(({ message }) => message).join();
  };
  assert.equal(messageOf("a*"), "a mapping");
  assert.equal(messageOf({ include: "a*" }), "a list");
  assert.match(messageOf({ exclude: [" "] }) ?? "", /the name of one of the clients, or a glob/);
});
