/**
 * The API key of a site, as a header needs it.
 *
 * @module
 */
import type { SiteConfig } from "../config/types.ts";
import { ClientConfigError } from "./errors.ts";

/**
 * Refuses early what `fetch` would refuse later with the key in its message.
 *
 * @throws ClientConfigError When the key cannot be sent.
 */
export function usableKey(site: SiteConfig): string {
  const key = site.apiKey.reveal();
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(key)) {
    throw new ClientConfigError(
      site.site,
      '"apiKey" is empty, or begins or ends with a blank, or holds line breaks or characters ' +
        "beyond ASCII: copy it again from NetBackup",
    );
  }
  return key;
}

/**
 * The tag that NetBackup gives an API key, `A1uMjmj93mo=`: the first eight bytes of the key.
 *
 * @returns Undefined for what is no key of NetBackup's form.
 */
export function apiKeyTag(key: string): string | undefined {
  // Twelve characters of base64 make nine bytes.
  const start = /^[\w-]{12}/.exec(key)?.[0];
  if (start === undefined) return undefined;
  return btoa(atob(start.replaceAll("-", "+").replaceAll("_", "/")).slice(0, 8));
}
