import { Link } from 'wouter';
import type { DriftAnswer, FindingView } from '#core';
import { OwnerLink } from '../parts/owner-link.tsx';
import { driftHref } from '../words/links.ts';
import { formatCount, formatValue } from '../words/numbers.ts';
import { formatLongDay, formatWindow } from '../words/times.ts';
import { logSpan, type Span } from './quantiles.ts';

/** Fields whose meaning changed: what whoever is on call has to tell a producer. Open ones first. */
export function Findings({ answer }: { readonly answer: DriftAnswer }) {
  const findings = answer.findings.toSorted(
    (left, right) => Number(left.restoredAt !== null) - Number(right.restoredAt !== null) || right.at.localeCompare(left.at),
  );
  if (findings.length === 0) return null;
  return (
    <section className="findings" aria-label="Fields whose meaning changed">
      {findings.map((finding) => (
        <Finding key={finding.findingId} job={answer.job} finding={finding} />
      ))}
    </section>
  );
}

function Finding({ job, finding }: { readonly job: string; readonly finding: FindingView }) {
  const { field, source, subject, contractVersion, owner, ratio, features, at, restoredAt } = finding;
  const isOpen = restoredAt === null;
  const id = `finding-${at.slice(0, 10)}-${field.replaceAll(/\W+/gu, '-')}`;
  return (
    <section className={`card finding${isOpen ? ' is-open' : ''}`} aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>
          <span className="finding-sign" aria-hidden="true">
            {isOpen ? '!' : '✓'}
          </span>
          <code>{field}</code>
          {` of ${source} ${isOpen ? 'means' : 'meant'} something else`}
        </h2>
        <div className="card-aside">
          {isOpen ? (
            <strong className="bad">{`open since ${formatLongDay(at)}`}</strong>
          ) : (
            `${formatLongDay(at)}, as before again on ${formatLongDay(restoredAt)}`
          )}
        </div>
      </header>
      <div className="finding-columns">
        <div>
          <p>
            {ratio === null ? null : <strong className="finding-factor">{`×${formatValue(ratio)}`}</strong>}
            <span className="soft"> the median, with the 5 % and the 95 % quantile</span>
          </p>
          <Quantiles finding={finding} />
        </div>
        <dl className="facts">
          <div>
            <dt>answers for it</dt>
            <dd>
              <strong>
                <OwnerLink name={owner} />
              </strong>
            </dd>
          </div>
          <div>
            <dt>contract</dt>
            <dd>{`${subject} v${contractVersion}: its events are valid, so no contract refuses them`}</dd>
          </div>
          <div>
            <dt>features of it</dt>
            <dd>
              {features.map((target) => (
                <Link key={target} href={driftHref(job, { target, to: finding.after.window.to })} className="chip">
                  {target}
                </Link>
              ))}
            </dd>
          </div>
        </dl>
      </div>
    </section>
  );
}

function Quantiles({ finding: { before, after } }: { readonly finding: FindingView }) {
  const [first, second] = logSpan(before, after);
  return (
    <div className="quantiles">
      <QuantileRow name="before" figures={before} span={first} />
      <QuantileRow name="after" figures={after} span={second} />
    </div>
  );
}

interface QuantileRowProps {
  readonly name: 'before' | 'after';
  readonly figures: FindingView['before'];
  readonly span: Span;
}

function QuantileRow({ name, figures, span }: QuantileRowProps) {
  const { p05, p50, p95, values, window } = figures;
  return (
    <div className={`quantile quantile-${name}`} title={`${formatCount(values)} values of ${formatWindow(window)}`}>
      <span className="soft">{name}</span>
      <span className="quantile-track" aria-hidden="true">
        <span className="quantile-range" style={{ left: `${span.left}%`, width: `${span.right - span.left}%` }} />
        <span className="quantile-median" style={{ left: `${span.middle}%` }} />
      </span>
      <span>
        <strong>{formatValue(p50)}</strong> <span className="soft">{`(${formatValue(p05)} to ${formatValue(p95)})`}</span>
      </span>
    </div>
  );
}
