import { type AlertName, BOARDS } from '#core';
import type { Override } from './panel-spec.ts';

/** Links from a panel into the console. `console` is a variable of every board. Grafana fills the braces in. */

const CONSOLE = `\${console}`;

/** A column of the same row, so that it may stand in an address. */
const field = (column: string): string => `\${__data.fields["${column}"]:percentencode}`;

export const runbookUrl = (alert: AlertName): string => `${CONSOLE}/runbooks/${alert}`;

function linked(column: string, title: string, url: string): Override {
  return { column, properties: [{ id: 'links', value: [{ title, url, targetBlank: true }] }] };
}

/** Each trace id leads to its spans. */
export const TRACE_LINK = linked('trace_id', 'The spans of this trace', `${CONSOLE}/traces/${field('trace_id')}`);

/** Each event id leads to its journey; needs the column `source` beside it. */
export const EVENT_LINK = linked(
  'event_id',
  'The journey of this event',
  `${CONSOLE}/events/${field('event_id')}?source=${field('source')}`,
);

/** Each alert leads to its incident; needs the column `fingerprint`. */
export const INCIDENT_LINK = linked('alert', 'The incident of this alert', `${CONSOLE}/incidents/${field('fingerprint')}`);

/** Each pipeline leads to its board, at the same time. */
export const PIPELINE_LINK: Override = {
  column: 'pipeline',
  properties: [
    {
      id: 'links',
      value: [
        {
          title: 'The board of this pipeline',
          url: `/d/${BOARDS.pipeline.uid}?var-pipeline=${field('pipeline')}&\${__url_time_range}`,
        },
      ],
    },
  ],
};
