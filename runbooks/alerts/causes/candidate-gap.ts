import { BOARDS, TABLES } from '#core';
import { latest, literal, sinceStart, within } from '../../sql-text.ts';
import type { CauseAlert, CauseQuestion } from '../cause.ts';

const MINIMUM = { decisions: 40, segment: 15 } as const;
/** A gap counts as far as it is sure: so many standard errors are taken off. */
const Z = 3;

/**
 * How far the newest version in shadow is from the live one. One that was trained later differs legitimately, and by about as much
 * everywhere: so its mean gap counts, and how much a segment's gap differs from the rest's. Segments are the producers, and the halves of
 * each feature's values around their median.
 */
export const CANDIDATE_GAP: CauseAlert = {
  alert: 'CandidateGap',
  measures:
    'How far the mean score of the newest version in shadow is from the live one’s, overall or in a segment against the rest, whichever is more; less three standard errors.',
  threshold: { value: 0.1, unit: 'score' },
  window: { written: '30m', floorMs: 12_000 },
  labelColumns: ['version'],
  summary: (pipeline) =>
    `Version {version} in shadow scores {value} away from the live one in ${pipeline}, overall or in a segment against the rest.`,
  panel: { dashboardUid: BOARDS.model.uid, panelId: BOARDS.model.panels.candidate },
  sql: (question) => `SELECT toString(version) AS version, toFloat64(max(greatest(0, abs(difference) - ${Z} * error))) AS value
FROM (
  SELECT version, if(n_rest = 0, sum_in / n_in, sum_in / n_in - (all_sum - sum_in) / n_rest) AS difference,
    sqrt(varianceOf / n_in + if(n_rest = 0, 0, varianceOf / n_rest)) AS error
  FROM (
    SELECT version, segment, count() AS n_in, sum(gap) AS sum_in, any(all_n) AS all_n, any(all_sum) AS all_sum, all_n - n_in AS n_rest,
      varSamp(gap) AS varianceOf
    FROM (
      SELECT version, gap, all_n, all_sum, arrayJoin(arrayConcat([('', ''), ('source', source)], arrayMap((name, value, median) ->
        (name, if(value > median, 'above', 'below')), names, feature_levels, medians))) AS segment
      FROM (${gaps(question)}) AS g
      INNER JOIN (
        SELECT version, count() AS all_n, sum(gap) AS all_sum, medianForEach(feature_levels) AS medians
        FROM (${gaps(question)}) GROUP BY version) AS overall USING (version))
    GROUP BY version, segment
    HAVING all_n >= ${MINIMUM.decisions} AND n_in >= ${MINIMUM.segment} AND (segment.1 = '' OR n_rest >= ${MINIMUM.segment})))
GROUP BY version ORDER BY version DESC LIMIT 1`,
  exemplarSql: ({ pipeline, windowMs }) => `SELECT source, event_id,
  concat('live ', toString(round(live, 3)), ', version ', {label_version:String}, ' ', toString(round(shadow, 3))) AS note
FROM (
  SELECT source, event_id, ifNull(score, 0) AS live, shadow_scores[indexOf(shadow_versions, toUInt32OrZero({label_version:String}))] AS shadow
  FROM ${TABLES.decisions} WHERE pipeline = ${literal(pipeline.name)} AND ${sinceStart('ingested', windowMs)}
    AND has(shadow_versions, toUInt32OrZero({label_version:String})) AND isNotNull(score))
ORDER BY abs(shadow - live) DESC, event_id LIMIT 5`,
};

/** Gaps of versions newer than the live one: an older one in shadow is a baseline, and is meant to differ. */
function gaps({ pipeline, windowMs }: CauseQuestion): string {
  return `SELECT version, toFloat64(shadow) - toFloat64(assumeNotNull(score)) AS gap, toString(source) AS source,
    splitByChar(',', toString(feature_set)) AS names, arrayMap(value -> ifNull(value, 0), feature_values) AS feature_levels
  FROM ${TABLES.decisions} ARRAY JOIN shadow_versions AS version, shadow_scores AS shadow
  WHERE pipeline = ${literal(pipeline.name)} AND ${within('ingested', latest(windowMs))} AND isNotNull(score)
    AND version > model_version AND length(feature_values) = length(names)`;
}
