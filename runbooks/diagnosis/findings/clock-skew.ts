import { TABLES } from '#core';
import { type Finding, resultsOf } from '../finding.ts';
import { within } from '../statement.ts';
import { counted, duration, percent, timeOfDay } from '../wording.ts';

const { found, ruledOut } = resultsOf('clock_skew');
const MINIMUM_ROWS = 5;
const MINIMUM_SHARE = 0.02;
/** Of all skewed rows: then one producer's clock is wrong, and not ours. */
const ONE_SOURCE_SHARE = 0.8;

interface SkewRow {
  readonly source: string;
  readonly skewed_rows: number;
  readonly decisions: number;
  readonly ahead_ms: number;
  readonly since_ms: number;
}

const STATEMENT = `SELECT source, toFloat64(countIf(skewed)) AS skewed_rows, toFloat64(count()) AS decisions,
  toFloat64(ifNotFinite(avgIf(toUnixTimestamp64Milli(appended) - toUnixTimestamp64Milli(polled), skewed), 0)) AS ahead_ms,
  toFloat64(toUnixTimestamp64Milli(minIf(polled, skewed))) AS since_ms
FROM ${TABLES.decisions} WHERE pipeline = {pipeline:String} AND ${within('polled')} AND NOT backlog
GROUP BY source ORDER BY skewed_rows DESC LIMIT 10`;

/** Rows that were read before they were written, by their stamps: they are counted, and left out of every latency. */
export const clockSkew: Finding = {
  cause: 'clock_skew',
  find: async ({ ask, pathway }) => {
    const { sql, rows } = await ask<SkewRow>(STATEMENT);
    const skewed = rows.reduce((sum, row) => sum + row.skewed_rows, 0);
    const all = rows.reduce((sum, row) => sum + row.decisions, 0);
    const [top] = rows;
    if (top === undefined || skewed < MINIMUM_ROWS || skewed < MINIMUM_SHARE * all) {
      return ruledOut(`${counted(skewed, 'row')} with skewed clocks of ${all.toLocaleString('en-GB')}.`);
    }
    const isOne = top.skewed_rows >= ONE_SOURCE_SHARE * skewed;
    const sinceMs = Math.min(...rows.filter((row) => row.skewed_rows > 0).map((row) => row.since_ms));
    const whose = isOne ? `Producer ${top.source}’s clock` : 'The log’s clock';
    return found({
      strength: 0.6,
      title:
        `${whose} is ${duration(top.ahead_ms)} ahead since ${timeOfDay(sinceMs)}: ${percent(skewed / all)} of the decisions were read ` +
        'before they were written. They are in no latency figure.',
      details: isOne ? { source: top.source } : {},
      stage: null,
      sinceMs,
      owner: pathway.owner,
      components: isOne ? [top.source] : [pathway.topic],
      evidence: [
        { summary: `${counted(skewed, 'decision')} with a poll before the append.`, sql, rows: rows.map((row) => ({ ...row })) },
      ],
      disproof: 'The clocks of the host and the log’s, compared: they agree.',
    });
  },
};
