/**
 * Two Prometheus servers that scrape all the time, one of which does not ask for gzip.
 *
 * @module
 */
import { ENCODINGS, rawBody } from "./page.ts";

/** Scrapes, and what they saw. */
export interface Scraper {
  /** Ends the scraping and waits for what is under way. */
  stop(): Promise<void>;
  /**
   * Mean time between successful polls of the jobs of a site since `reset()`, in seconds; NaN when
   * no site was seen to be polled twice. A program that is not up to its load polls less often.
   */
  pollSeconds(): number;
  /** Clears what was seen. */
  reset(): void;
}

const LAST_SUCCESS =
  /^nbu_collector_last_success_timestamp_seconds\{site="([^"]+)",collector="jobs"\} (\S+)$/gm;

/** Starts scraping a metrics page; `everySeconds` must be less than a poll, so that none is missed. */
export function startScraper(url: string, everySeconds: number): Scraper {
  const successes = new Map<string, Set<number>>();
  const scrape = async () => {
    const [plain] = await Promise.all(ENCODINGS.map((encoding) => rawBody(url, encoding)));
    for (const [, site = "", time] of new TextDecoder().decode(plain).matchAll(LAST_SUCCESS)) {
      const times = successes.get(site) ?? new Set();
      successes.set(site, times.add(Number(time)));
    }
  };
  let scrapes: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    scrapes = scrapes.then(scrape);
    // Handled in stop(), but maybe much later.
    scrapes.catch(() => {});
  }, everySeconds * 1000);
  return {
    async stop() {
      clearInterval(timer);
      await scrapes;
    },
    pollSeconds: () => meanInterval([...successes.values()].map((times) => [...times])),
    reset: () => successes.clear(),
  };
}

/** Mean distance between neighbours, over all lists; NaN when none has two entries. */
export function meanInterval(lists: readonly (readonly number[])[]): number {
  let total = 0;
  let count = 0;
  for (const list of lists) {
    total += Math.max(...list) - Math.min(...list);
    count += list.length - 1;
  }
  return total / count;
}
