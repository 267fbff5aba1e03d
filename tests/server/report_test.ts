import assert from "node:assert/strict";
import { createApp } from "../../src/server/app.ts";
import type { SiteSummary } from "../../src/site/summary.ts";
import type { SiteFindings } from "../../src/site/findings/types.ts";
import {
  DAY,
  failedJob,
  FROM,
  gapOf,
  HOUR,
  known,
  longJob,
  NOW,
  outcomes,
  siteFindings,
  statusCount,
  storeSpace,
} from "./_findings.ts";
import { BERLIN, DELHI, LIMA, NIGHT, PARIS, TOKYO } from "./_night.ts";
import { collectorSummary, siteSummary } from "./_sites.ts";
import { testState } from "./_state.ts";

async function ask(
  sites: readonly SiteSummary[],
  query = "",
  headers: Record<string, string> = {},
): Promise<Response> {
  const app = createApp(testState({ sites: () => sites }));
  return await app.request(`/report${query}`, { headers });
}

async function textOf(sites: readonly SiteSummary[], format = "text"): Promise<string> {
  return await (await ask(sites, `?format=${format}`)).text();
}

/** What a person reads of a page: without tags, blanks made one. */
async function pageOf(sites: readonly SiteSummary[]): Promise<string> {
  return (await textOf(sites, "html")).replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

Deno.test("/report has the form that is asked for, by parameter or by Accept; a page unless told", async () => {
  const types = {
    html: "text/html",
    csv: "text/csv",
    json: "application/json",
    text: "text/plain",
  };
  for (const [format, type] of Object.entries(types)) {
    for (
      const response of [
        await ask(NIGHT, `?format=${format}`, { Accept: "image/png" }),
        await ask(NIGHT, "", { Accept: `${type}, */*;q=0.1` }),
      ]
    ) {
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("Content-Type")?.split(";")[0], type);
      assert.equal(response.headers.get("Vary"), "Accept");
      assert.ok((await response.text()).length > 100);
    }
  }
  for (const accept of ["*/*", "", "text/html;q=0.5, text/csv;q=0.4", "image/png"]) {
    const response = await ask(NIGHT, "", { Accept: accept });
    assert.equal(response.headers.get("Content-Type")?.split(";")[0], "text/html", accept);
  }
});

Deno.test("/report refuses a form and a window that it does not have, and says which there are", async () => {
  const refusal = async (query: string) => {
    const response = await ask(NIGHT, query);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await refusal("?format=pdf"), [
    400,
    "The format must be one of html, csv, json, text\n",
  ]);
  for (const window of ["x", "", "24", "-5h"]) {
    const [status, text] = await refusal(`?window=${window}`);
    assert.equal(status, 400, window);
    assert.match(String(text), /Parameter window: the window must be /);
  }
  for (const window of ["59m", "8d", "169h"]) {
    assert.match(String((await refusal(`?window=${window}`))[1]), /between 1h and 7d/);
  }
});

Deno.test("/report looks back from now to the full hour in which the window begins", async () => {
  const asked: number[] = [];
  const site = siteSummary({
    findings: (fromMs) => {
      asked.push(fromMs);
      return siteFindings();
    },
  });
  for (const query of ["", "?window=24h", "?window=1d", "?window=90m", "?window=7d"]) {
    const text = await (await ask([site], `${query}${query ? "&" : "?"}format=text`)).text();
    const from = new Date(asked.at(-1) ?? 0).toISOString().slice(0, 16).replace("T", " ");
    assert.match(text, new RegExp(`since ${from}:00 UTC`));
  }
  const hours = asked.map((from) => (NOW - 12 * 60_000 - from) / HOUR);
  assert.deepEqual(hours, [24, 24, 24, 2, 7 * 24]);
});

Deno.test("the report puts sites first that need somebody", async () => {
  const { data } = JSON.parse(await textOf([PARIS, BERLIN, DELHI, TOKYO, LIMA], "json"));
  assert.deepEqual(data.sites.map(({ site }: { site: string }) => site), [
    "lima",
    "delhi",
    "tokyo",
    "berlin",
    "paris",
  ]);
});

Deno.test("the report opens a site whose storage is nearly full, or of which something expires soon", async () => {
  const open = async (changes: Partial<SiteFindings>) => {
    const html = await textOf([siteSummary({ findings: () => siteFindings(changes) })], "html");
    return /<details class="box degraded" open>/.test(html);
  };
  const fullIn = (days: number) =>
    known([storeSpace({ forecast: { kind: "full_at", at: NOW + days * DAY } })]);
  assert.deepEqual([await open({ space: fullIn(6) }), await open({ space: fullIn(8) })], [
    true,
    false,
  ]);
  const expiresIn = (days: number) => known([{ kind: "api_key", name: "x", at: NOW + days * DAY }]);
  assert.equal(await open({ expiries: expiresIn(6) }), true);
  assert.equal(await open({ expiries: expiresIn(8) }), false);
  assert.equal(await open({ overdue: known([{ policy: "p", clients: 1 }]) }), true);
});

Deno.test("the report has success, failures, slow jobs, late clients, space and expiries of a site", async () => {
  for (const text of [await textOf([BERLIN]), await pageOf([BERLIN])]) {
    for (
      const part of [
        "1 site, 4 failed jobs",
        "99.7 % succeeded, 1,449 of 1,453: 12 in part only, 3 failed, 1 missed the backup window",
        "58: the client could not be connected to",
        "db01, db02",
        "file07",
        "14 h",
        "815",
        "Gold",
        "3 clients",
        "1 client",
        "msdp-berlin-01",
        "4 days",
        "does not grow",
        "not enough history",
        "expired 2 d ago",
        "API key of the exporter",
      ]
    ) assert.ok(text.includes(part), `${part} in ${text}`);
  }
});

Deno.test("the report says of what is not collected how to switch it on, and shows no figure", async () => {
  const off = /the collector "policies" is off; collectors\.policies\.enabled: true switches it on/;
  const overview = /paris\s+up\s+100\.0 %\s+0\s+not collected/;
  for (const text of [await textOf([PARIS]), (await pageOf([PARIS])).replaceAll("&quot;", '"')]) {
    assert.match(text, off);
    assert.match(text, overview);
    assert.doesNotMatch(text, /No client is overdue|Overdue: none/);
  }
  const csv = await textOf([PARIS], "csv");
  assert.match(csv, /paris,missing,overdue,/);
  assert.doesNotMatch(csv, /paris,overdue/);
  const { data } = JSON.parse(await textOf([PARIS], "json"));
  const { overdue } = data.sites[0];
  assert.deepEqual([overdue.collected, overdue.asOf, "policies" in overdue], [false, null, false]);
});

Deno.test("the report of a site that is down says so, and no figure of it looks whole", async () => {
  for (const text of [await textOf([LIMA]), (await pageOf([LIMA])).replaceAll("&quot;", '"')]) {
    for (
      const part of [
        /1 site, 1 down, no failed job that is known of, 1 incomplete/,
        /lima\s+down.*\s+100\.0 % of what is known\s+at least 0/,
        /has been down since 2026-11-20 20:12:00 UTC/,
        /jobs, storage\s*: cannot connect to x\s+What to do: Check "host"\./,
        /The collector "jobs" has failed for 2 h\./,
        /Jobs were last read 2 h ago/,
        /what is running now is not known/i,
      ]
    ) assert.match(text, part);
    assert.doesNotMatch(text, /No job has failed|Failures: none\n/);
  }
  assert.match(await textOf([LIMA], "csv"), /BACKUP,7,succeeded,,,,,,not of all jobs/);
  const { data } = JSON.parse(await textOf([LIMA], "json"));
  assert.equal(data.sites[0].jobsComplete, false);
  assert.equal(data.sites[0].state, "down");
});

Deno.test("the report says since when a site was watched, where that is not the whole window", async () => {
  assert.match(
    await textOf([DELHI]),
    /Jobs that ended before 2026-11-20 19:12:00 UTC are not counted/,
  );
  const whole = siteSummary({
    findings: () => siteFindings({ jobs: known(outcomes({ sinceMs: FROM })) }),
  });
  assert.doesNotMatch(await textOf([whole]), /not counted/);
});

Deno.test("the report says that jobs were read long ago, or not all of them yet", async () => {
  const read = (ago: number) =>
    siteSummary({
      collectors: [collectorSummary({ intervalMs: 5 * 60_000 })],
      findings: () =>
        siteFindings({ jobs: { value: outcomes(), asOf: NOW - ago * 60_000, gaps: [] } }),
    });
  assert.doesNotMatch(await textOf([read(9)]), /last read/);
  assert.match(await textOf([read(11)]), /last read 11 min ago/);
  const catchingUp = siteSummary({
    findings: () =>
      siteFindings({
        jobs: known(outcomes(), [
          gapOf({ collector: "jobs", problem: "catching_up", progress: 0.456 }),
        ]),
      }),
  });
  assert.match(await textOf([catchingUp]), /catching up: 45\.6 %\.[^]*none is known of/);
  assert.match(await textOf([TOKYO]), /Nothing is known of its jobs[^]*Jobs: not known/);
});

Deno.test("the report marks jobs that take or took much longer than usual, each job once", async () => {
  const [text, page, csv] = [
    await textOf([BERLIN]),
    await pageOf([BERLIN]),
    await textOf([BERLIN], "csv"),
  ];
  assert.match(text, /! running for 14 h, usually 3 h: job 4500/);
  assert.match(text, /! took 1 h, usually 20 min: job 817/);
  assert.match(text, /^ +took 5 h, usually 4 h: job 815/m);
  assert.match(page, /14 h\s+3 h\s+running, much longer than usual/);
  assert.match(csv, /berlin,running,BACKUP,50400,.*much longer than usual: usually 10800 seconds/);
  assert.match(csv, /berlin,overran,BACKUP,3600,/);
  const job = longJob({ usualMs: HOUR });
  const site = siteSummary({
    findings: () => siteFindings({ jobs: known(outcomes({ longest: [job], overran: [job] })) }),
  });
  assert.equal((await textOf([site])).split("job 815").length, 2);
});

Deno.test("the report marks figures that only some collectors have given", async () => {
  const site = siteSummary({
    findings: () =>
      siteFindings({
        space: known([storeSpace()], [gapOf({ collector: "diskPools", problem: "failed" })]),
      }),
  });
  assert.match(await textOf([site]), /12 days of what is known/);
});

Deno.test("the report rounds down: what is not all is not 100 %", async () => {
  const site = siteSummary({
    findings: () =>
      siteFindings({
        jobs: known(outcomes({
          counts: [
            statusCount({ jobs: 99_999 }),
            statusCount({ status: 58, class: "failed", jobs: 1 }),
          ],
          failureCount: 1,
        })),
      }),
  });
  assert.match(await textOf([site]), /99\.9 % succeeded, 99,999 of 100,000/);
  const idle = siteSummary();
  assert.match(await textOf([idle]), /a\s+up\s+no backup ended\s+0/);
});

Deno.test("the report as CSV is a table that no name can break, or turn into a formula", async () => {
  const evil = '=cmd|" /c calc"!A1,\r\nx';
  const site = siteSummary({
    site: evil,
    findings: () =>
      siteFindings({
        jobs: known(outcomes({
          failures: [failedJob({ client: "+1", policy: '"', action: evil })],
          failureCount: 1,
          longest: [longJob({ client: "@x" })],
        })),
      }),
  });
  const response = await ask([site], "?format=csv");
  assert.equal(
    response.headers.get("Content-Disposition"),
    'inline; filename="nbu_report_2026-11-20.csv"',
  );
  const csv = await response.text();
  const rows = parseCsv(csv);
  assert.ok(rows.every((row) => row.length === 11), csv);
  const failure = rows.find(([, part]) => part === "failure");
  assert.deepEqual(failure?.slice(0, 10), [
    ...[`'${evil}`, "failure", `'${evil}`, "", "", "2026-11-20T19:12:00.000Z"],
    ...["'+1", '"', "4711", "58"],
  ]);
  assert.equal(rows.find(([, part]) => part === "longest")?.[6], "'@x");
});

/** As RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  assert.ok(text.endsWith("\r\n"));
  const rows: string[][] = [[]];
  for (
    const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)
  ) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

Deno.test("the report as text lets no name garble the terminal", async () => {
  const site = siteSummary({ ...BERLIN, site: "a\u001b[31m\n" });
  const text = await textOf([site]);
  assert.match(text, /a\\u001b\[31m\\u000a: up/);
  assert.doesNotMatch(text.replaceAll("\n", ""), /\p{C}/u);
});

Deno.test("the page of the report escapes all, offers its other forms, and runs no script", async () => {
  const evil = `<script>alert("x")</script>&'`;
  const site = siteSummary({
    site: evil,
    findings: () =>
      siteFindings({
        jobs: known(
          outcomes({
            counts: [statusCount({ action: evil, status: 1000, class: "failed", meaning: evil })],
            failures: [failedJob({ client: evil, policy: evil, action: evil, status: 1000 })],
            failureCount: 1,
            longest: [longJob({ client: evil, policy: evil, action: evil, meaning: evil })],
          }),
          [gapOf({ collector: evil, problem: "failed" })],
        ),
        expiries: known([{ kind: evil, name: evil, at: NOW }]),
        space: known([storeSpace({ name: evil })]),
        overdue: known([{ policy: evil, clients: 2 }]),
      }),
  });
  const app = createApp(testState({ sites: () => [site] }));
  for (const path of ["/", "/report", `/site/${encodeURIComponent(evil)}`]) {
    const response = await app.request(path);
    const html = await response.text();
    assert.doesNotMatch(html, /<script|alert\("/, path);
    assert.match(html, /&lt;script&gt;/);
    assert.match(response.headers.get("Content-Security-Policy") ?? "", /^default-src 'none'/);
  }
  const html = await textOf([site], "html");
  for (const format of ["csv", "json", "text"]) {
    assert.ok(
      html.includes(`?window=24h&amp;format=${format}`) || html.includes(`&format=${format}`),
    );
  }
});

Deno.test("the page of a site lists failed jobs that nobody has made up for first, and since when", async () => {
  const app = createApp(testState({ sites: () => NIGHT }));
  const html = await (await app.request("/site/berlin")).text();
  const section = html.slice(html.indexOf('id="failures"'), html.indexOf('id="slow"'));
  assert.match(section, /Since <time datetime="2026-11-19T22:00:00.000Z">/);
  assert.match(section, /4 failed; for 1\s+of them a later job/);
  const clients = [...section.matchAll(/scope="row">([^<]*)</g)].map(([, client]) => client);
  assert.deepEqual(clients, ["db01", "db02", "nas01", "mail-frankfurt-01.example.com"]);
  assert.match(section, /succeeded\s+5 h ago/);
});

Deno.test("the status page shows what expires and what is full next on all sites, and who has failed jobs", async () => {
  const app = createApp(testState({ sites: () => NIGHT }));
  const html = await (await app.request("/")).text();
  const section = html.slice(html.indexOf('id="expiries"'));
  const names = [...section.matchAll(/data-label="Name" class="">([^<]*)</g)].map(([, name]) =>
    name
  );
  assert.deepEqual(names, [
    "media02.example.com",
    "prometheus@example.com",
    "ENT-0815",
    "prometheus",
    "CN=nbu.example.com",
  ]);
  assert.match(html, /4 failed in a day/);
  const full = html.slice(html.indexOf('id="space"'), html.indexOf('id="expiries"'));
  assert.match(full, /msdp-berlin-01[^]*4 days[^]*msdp-berlin-02[^]*12 days/);
  assert.doesNotMatch(full, /stu-basic|new-pool/);
  const nothing = await (await createApp(testState({ sites: () => [siteSummary()] })).request("/"))
    .text();
  assert.doesNotMatch(nothing, /Expires next|Full next|failed in a day/);
});

Deno.test("/api/v1/status has the failed jobs, space and expiries of the last day", async () => {
  const app = createApp(testState({ sites: () => [BERLIN] }));
  const { data } = await (await app.request("/api/v1/status")).json();
  const { lastDay } = data.sites[0];
  assert.equal(lastDay.jobsComplete, true);
  assert.equal(lastDay.jobs.from, "2026-11-19T22:00:00.000Z");
  assert.equal(lastDay.jobs.failures.length, 4);
  assert.deepEqual(lastDay.jobs.failures[2].succeededSince, "2026-11-20T17:12:00.000Z");
  assert.equal(lastDay.space.stores[0].fullAt, "2026-11-25T10:12:00.000Z");
  assert.deepEqual(lastDay.expiries.items[0], {
    kind: "host_certificate",
    what: "certificate of host",
    name: "media02.example.com",
    expires: "2026-11-18T22:12:00.000Z",
    secondsLeft: -172_800,
  });
  assert.deepEqual(lastDay.overdue.policies[0], { policy: "Gold", clients: 3 });
  assert.equal(lastDay.running[0].durationSeconds, 14 * 3600);
});
