/**
 * Schema of the web configuration file, in the format of the Prometheus exporter toolkit. It takes
 * the tree of texts that YAML gave.
 *
 * @module
 */
import * as v from "valibot";
import { bool, duration, wholeNumber } from "../../config/schema/leaves.ts";
import { bcryptHashFault } from "./bcrypt_hash.ts";

/** Message of an issue about a key that the format does not have. */
export const UNKNOWN_KEY = "unknown key";

/** A mapping that refuses unknown keys, as the toolkit does. */
// deno-lint-ignore explicit-function-return-type -- valibot infers it.
function section<const E extends v.ObjectEntries>(entries: E) {
  return v.strictObject(
    entries,
    ({ expected }) => expected === "never" ? UNKNOWN_KEY : "a mapping",
  );
}

const text = () => v.optional(v.string("a text"));
const list = () => v.optional(v.array(v.string("a text"), "a list"), []);

const AUTH_TYPES = [
  "NoClientCert",
  "RequestClientCert",
  "RequireAnyClientCert",
  "RequireClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
] as const;

const clientAuth = v.pipe(
  v.picklist(AUTH_TYPES, AUTH_TYPES.filter((type) => type !== "RequireClientCert").join(", ")),
  // The toolkit's own old name.
  v.transform((type) => type === "RequireClientCert" ? "RequireAnyClientCert" : type),
);

const tlsVersion = v.pipe(
  v.picklist(["TLS12", "TLS13"], "TLS12 or TLS13 (Deno has no older version)"),
  v.transform((version) => version === "TLS12" ? "TLSv1.2" : "TLSv1.3"),
);

const tlsSchema = section({
  cert: text(),
  key: text(),
  client_ca: text(),
  cert_file: text(),
  key_file: text(),
  client_ca_file: text(),
  client_auth_type: v.optional(clientAuth, "NoClientCert"),
  client_allowed_sans: list(),
  min_version: v.optional(tlsVersion, "TLS12"),
  max_version: v.optional(tlsVersion, "TLS13"),
  cipher_suites: list(),
  prefer_server_cipher_suites: v.optional(bool()),
  curve_preferences: list(),
});

/** A value of a response header: visible ASCII and spaces, so that it cannot add a header. */
function header(...allowed: readonly string[]): v.OptionalSchema<v.GenericSchema<string>, ""> {
  const expected = allowed.length > 0 ? allowed.join(" or ") : "a text in printable ASCII";
  const isAllowed = (value: string) =>
    allowed.length === 0 || value === "" || allowed.includes(value);
  return v.optional(
    v.pipe(
      v.string(expected),
      v.check((value) => /^[\x20-\x7e]*$/.test(value) && isAllowed(value), expected),
    ),
    "",
  );
}

const headersSchema = section({
  "Content-Security-Policy": header(),
  "X-Frame-Options": header("deny", "sameorigin"),
  "X-Content-Type-Options": header("nosniff"),
  "X-XSS-Protection": header(),
  "Strict-Transport-Security": header(),
});

const hash = v.pipe(
  v.string("a bcrypt hash"),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? bcryptHashFault(dataset.value) : undefined;
    if (fault !== undefined) addIssue({ message: `a bcrypt hash (${fault})` });
  }),
);

/** The whole file. */
export const webConfigSchema = section({
  tls_server_config: v.optional(tlsSchema),
  http_server_config: v.optional(
    section({ http2: v.optional(bool()), headers: v.optional(headersSchema, {}) }),
    {},
  ),
  basic_auth_users: v.optional(v.record(v.string(), hash, "a mapping"), {}),
  rate_limit: v.optional(section({
    interval: v.optional(duration({ min: "not-negative" }), "0"),
    burst: v.optional(wholeNumber(0, 1_000_000), "0"),
  })),
});

/** The file as the schema gives it, before the files it names are read. */
export type ValidWebConfig = v.InferOutput<typeof webConfigSchema>;
