import assert from "node:assert/strict";
import {
  NetBackupError,
  NetworkError,
  PagingError,
  RequestTimeoutError,
  RetryAfterError,
  statusError as errorOf,
  UnexpectedBodyError,
} from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { Contact } from "../../src/site/contact.ts";
import { BadKeyError, ForbiddenError } from "../../src/site/errors.ts";
import { statusError } from "../testing/fake_client.ts";

const MINUTE = 60_000;
const POLL = 5 * MINUTE;
const PLACE = { site: "a", endpoint: "/admin/jobs" };
const RESOURCE = { endpoint: "/admin/jobs", permission: "|MANAGE|JOBS|", since: "10.0" };

/** A contact whose clock the test sets, in minutes. */
function makeContact(): { contact: Contact; at: (minute: number) => Contact } {
  let now = 0;
  const contact = new Contact(() => now);
  const at = (minute: number) => {
    now = minute * MINUTE;
    return contact;
  };
  return { contact, at };
}

const NO_CONTACT = [
  new NetworkError(PLACE, "no route", { reason: "network", hint: "check it" }),
  new RequestTimeoutError(PLACE, 60_000),
  new UnexpectedBodyError(PLACE, "HTML"),
  new BadKeyError("a"),
  new RetryAfterError(PLACE, 1000),
  statusError(407),
  errorOf(PLACE, { status: 400, wantsTls: true }),
  statusError(429),
  statusError(500),
  statusError(502),
  statusError(503),
  statusError(504),
];

const PROVES_CONTACT = [
  statusError(400),
  statusError(404),
  statusError(406),
  new ForbiddenError("a", RESOURCE, statusError(403)),
  new PagingError(PLACE, "no end"),
  new EndpointUnsupportedError("a", RESOURCE, "14.0", statusError(404)),
];

Deno.test("Contact is unknown before the first run", () => {
  const { contact } = makeContact();
  assert.equal(contact.ok(POLL), undefined);
  assert.equal(contact.factor(POLL), 1);
});

Deno.test("Contact is lost by an error that may come from a primary that is down", () => {
  for (const error of NO_CONTACT) {
    const { contact } = makeContact();
    contact.failed(error);
    assert.equal(contact.ok(POLL), false, error.message);
  }
});

Deno.test("Contact is proven by an error that only a primary that works can give", () => {
  for (const error of PROVES_CONTACT) {
    const { at } = makeContact();
    at(0).failed(new NetworkError(PLACE, "no route", { reason: "network", hint: "check it" }));
    at(30).failed(error);
    assert.equal(at(31).ok(POLL), true, error.message);
    assert.equal(at(31).factor(POLL), 1, error.message);
  }
});

Deno.test("Contact is not changed by what says nothing about the primary", () => {
  const nothing = [
    new RangeError("a fault of the exporter"),
    new EndpointUnsupportedError("a", RESOURCE, "14.0"),
  ];
  for (const error of nothing) {
    const { contact, at } = makeContact();
    contact.failed(error);
    assert.equal(contact.ok(POLL), undefined, error.message);
    at(0).failed(new NetworkError(PLACE, "no route", { reason: "network", hint: "check it" }));
    at(30).failed(error);
    assert.equal(at(30).ok(POLL), false, error.message);
    assert.equal(at(30).factor(POLL), 4, error.message);
  }
});

Deno.test("Contact outlives a failure for one polling interval after the last success", () => {
  const { at } = makeContact();
  at(0).worked();
  at(3).failed(statusError(500));
  assert.equal(at(4).ok(POLL), true, "one question of the cycle failed");
  assert.equal(at(5).ok(POLL), false);
  at(6).worked();
  assert.equal(at(60).ok(POLL), true, "nothing has failed since");
});

Deno.test("Contact.factor() grows with the time without success: 1, 2, 4, and is 1 after the first", () => {
  const { at } = makeContact();
  at(0).worked();
  at(10).failed(statusError(503));
  const factors = [10, 17, 18, 27, 28, 600].map((minute) => at(minute).factor(POLL));
  assert.deepEqual(factors, [1, 1, 2, 2, 4, 4]);
  at(601).failed(statusError(503));
  assert.equal(at(601).factor(POLL), 4, "another failure does not start anew");
  at(602).worked();
  assert.equal(at(602).factor(POLL), 1);
});

Deno.test("Contact.failed() takes any error of the client that is no proof for a failure", () => {
  const { contact } = makeContact();
  contact.failed(new NetBackupError("x", { ...PLACE, reason: "budget" }));
  assert.equal(contact.ok(POLL), false);
});
