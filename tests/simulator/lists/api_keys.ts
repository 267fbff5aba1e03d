/**
 * `GET /security/api-keys`.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { simulatedList } from "./define.ts";

/** Who the key of the requests belongs to; `/authorization-context` says the same. */
export const KEY_OWNER = "exporter";

/** The tag of a key: its first eight bytes. Keys that are no base64 have a tag as well. */
function tagOf(apiKey: string): string {
  const text = apiKey.replaceAll("-", "+").replaceAll("_", "/").slice(0, 12);
  try {
    return btoa(atob(text).slice(0, 8));
  } catch {
    return btoa(encodeURIComponent(apiKey).slice(0, 8));
  }
}

const NAMES = "userName userDomain userDomainType";
const TIMES = "createdDateTime lastModifiedDateTime expiryDateTime";

/** Keys; one's own are seen without any permission. */
export const apiKeys = simulatedList({
  endpoint: "/security/api-keys",
  detail: "/security/api-keys/{apiKeyTag}",
  document: "security",
  type: "apiKeyDetails",
  permission: "|SECURITY|USERS|API-KEYS|",
  denial: "empty",
  alwaysVisible: ({ attributes }) => attributes["userName"] === KEY_OWNER,
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  selfLinks: true,
  filters: new Map([
    ...fields(NAMES, "string", "eq"),
    ...fields("apiKeyTag", "string", "eq", { attribute: "id" }),
    ...fields(TIMES, "date", "ge le"),
  ]),
  sorts: { names: `id ${NAMES} ${TIMES} description`, since: "14.0" },
  rows: (world) =>
    world.many(3, (index) => ({
      id: index === 0 ? tagOf(world.apiKey) : tagOf(`${String(index).padStart(8, "0")}AAAA`),
      attributes: {
        userName: index === 0 ? KEY_OWNER : `user${index}`,
        userDomain: world.serverName,
        userDomainType: "unixpwd",
        createdDateTime: world.days(-335 - index),
        expiryDateTime: world.days(30 - 20 * index),
        lastModifiedDateTime: world.days(-335 - index),
        description: "",
        samlSessionValidated: false,
      },
    })),
});
