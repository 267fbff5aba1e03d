/**
 * Texts of status codes (`GET /status-codes/{statusCode}`, the vendor's troubleshooting.yaml; 10.5
 * and 11.0 document it, 10.3 and 11.2 do not).
 *
 * @module
 */
import * as v from "valibot";
import type { ApiSession, RequestContext } from "../api.ts";
import { HttpStatusError } from "../errors.ts";

/** Path template of the text of a status code. */
export const STATUS_CODES_ENDPOINT = "/status-codes/{statusCode}";

const responseSchema = v.object({
  data: v.object({ attributes: v.object({ statusMessage: v.string() }) }),
});

/**
 * Asks for the text of a status code.
 *
 * @returns Undefined when the release has no such endpoint, does not know the code, or answers with
 *   something else.
 * @throws NetBackupError What the client throws, but for 400, 404, 406 and 410.
 */
export async function fetchStatusMessage(
  { client, version }: ApiSession,
  status: number,
  context: RequestContext,
): Promise<string | undefined> {
  try {
    const json = await client.getJson({
      endpoint: STATUS_CODES_ENDPOINT,
      path: `/status-codes/${encodeURIComponent(String(status))}`,
      version,
    }, context);
    const parsed = v.safeParse(responseSchema, json);
    const message = parsed.success ? parsed.output.data.attributes.statusMessage.trim() : "";
    return message === "" ? undefined : message;
  } catch (error) {
    const unknown = error instanceof HttpStatusError && [400, 404, 406, 410].includes(error.status);
    if (unknown) return undefined;
    throw error;
  }
}
