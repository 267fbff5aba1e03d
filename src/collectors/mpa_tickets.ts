/**
 * Tickets of multi-person authorization (the vendor's security.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { text } from "../netbackup/fields.ts";
import { compare } from "../netbackup/filters.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector, everyPoll } from "./define.ts";

const ticketList = listResource({
  endpoint: "/security/mpa-tickets",
  permission: "|SECURITY|MPA|TICKETS|",
  since: "10.0",
  row: row({ currentState: text() }),
  key: ({ id }) => id,
});

/** The second one is in none of the documents' enumerations, so that no filter can be relied on. */
const WAITING = new Set(["PENDING", "PARTIALLY_APPROVED"]);

/** Tickets that wait for an approval. */
export const mpaTickets = defineCollector({
  name: "mpaTickets",
  summary:
    "Tickets of multi-person authorization; the key of a requester sees only its own, that of an approver all.",
  interval: everyPoll,
  resources: { ticketList },
  metrics: {
    pending: gauge(
      "nbu_mpa_tickets_pending",
      "Tickets that wait for an approval, as far as the API key may see them: a requester sees" +
        " only its own, so that 0 is meaningful only if its user is an approver",
      [],
      { zeros: {} },
    ),
  },
  async collect({ read, metrics, primary, now }) {
    // Whatever waits has not expired: the tickets of all times need not be read.
    const filter = compare("expirationDateTime", "ge", new Date(primary.timeMs ?? now));
    for (const { currentState } of await read(ticketList, { filter })) {
      if (WAITING.has(currentState)) metrics.pending.add({}, 1);
    }
  },
});
