import type { AlertView, Hypothesis, IncidentSummary, Severity } from '#core';
import { ALERT_STATES, CONFIDENCES, INCIDENT_STATES, SEVERITY_WORDS } from '../words/incidents.ts';

/** A shape for each severity and state, in a box of 12 by 12: told apart without colour. */
const TRIANGLE = 'M6 .4L11.8 11H.2zM5.3 4v3.6h1.4V4zm0 4.5v1.4h1.4V8.5z';
const SHEET = 'M1 2h10v8H1zm1.5 1.5v5h7v-5zM4 5h4v1.2H4z';
const DISC = 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8z';
const RING = 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8zm0 1.6a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2z';
const HALF = 'M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8zM6 2.3v7.4a3.7 3.7 0 0 0 0-7.4z';
const TICK = 'M1.2 6.4L2.6 5l2.2 2.2L9.6 2.4 11 3.8 4.8 10z';
const CROSS = 'M2.4 1L6 4.6 9.6 1 11 2.4 7.4 6 11 9.6 9.6 11 6 7.4 2.4 11 1 9.6 4.6 6 1 2.4z';
const CLOCK = 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm-.8 1.8v4l3 1.7.7-1.2-2.2-1.3V2.8z';

const SEVERITY_SHAPES: Readonly<Record<Severity, string>> = { page: TRIANGLE, ticket: SHEET, none: RING };
const STATE_SHAPES: Readonly<Record<IncidentSummary['state'], string>> = { open: DISC, acknowledged: HALF, resolved: TICK };
const ALERT_SHAPES: Readonly<Record<AlertView['state'], string>> = {
  firing: TRIANGLE,
  pending: CLOCK,
  failed: CROSS,
  unknown: RING,
  ok: TICK,
};

interface MarkProps {
  readonly className: string;
  readonly shape: string;
  readonly name: string;
  readonly meaning: string;
}

function Mark({ className, shape, name, meaning }: MarkProps) {
  return (
    <span className={`mark ${className}`} title={meaning}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={shape} fill="currentColor" fillRule="evenodd" />
      </svg>
      <span>{name}</span>
    </span>
  );
}

export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return <Mark className={`severity-${severity}`} shape={SEVERITY_SHAPES[severity]} {...SEVERITY_WORDS[severity]} />;
}

export function IncidentStateMark({ state }: { readonly state: IncidentSummary['state'] }) {
  return <Mark className={`incident-${state}`} shape={STATE_SHAPES[state]} {...INCIDENT_STATES[state]} />;
}

export function AlertStateMark({ state }: { readonly state: AlertView['state'] }) {
  return <Mark className={`alert-${state}`} shape={ALERT_SHAPES[state]} {...ALERT_STATES[state]} />;
}

/** How far a hypothesis can be trusted: bars that are filled, and the word. */
export function ConfidenceMark({ confidence }: { readonly confidence: Hypothesis['confidence'] }) {
  const { name, meaning, of } = CONFIDENCES[confidence];
  return (
    <span className={`mark confidence confidence-${confidence}`} title={meaning}>
      <svg viewBox="0 0 20 12" width="20" height="12" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect
            key={bar}
            className={bar <= of ? 'is-filled' : ''}
            x={(bar - 1) * 7 + 0.75}
            y={9 - bar * 2.75}
            width="4.5"
            height={bar * 2.75 + 2.25}
          />
        ))}
      </svg>
      <span>{name}</span>
    </span>
  );
}
