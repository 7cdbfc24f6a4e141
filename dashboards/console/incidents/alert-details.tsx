import type { IncidentAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { CopyableId } from '../parts/copy-button.tsx';
import { OwnerLink } from '../parts/owner-link.tsx';
import { formatValue } from '../words/numbers.ts';

/** The alert as it came: for who looks for it elsewhere. */
export function AlertDetails({ answer: { incident, labels, value, links } }: { readonly answer: IncidentAnswer }) {
  return (
    <Card title="The alert" className="alert-details">
      <dl className="facts">
        <div>
          <dt>value</dt>
          <dd>{formatValue(value)}</dd>
        </div>
        {Object.entries(labels).map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{name === 'team' && text === incident.owner?.name ? <OwnerLink name={text} /> : <code>{text}</code>}</dd>
          </div>
        ))}
        <div>
          <dt>fingerprint</dt>
          <dd>
            <CopyableId text={incident.fingerprint} what="fingerprint" />
          </dd>
        </div>
        {links.dashboard === null ? null : (
          <div>
            <dt>in Grafana</dt>
            <dd>
              <CopyableId text={links.dashboard} what="path of the panel in Grafana" />
            </dd>
          </div>
        )}
      </dl>
    </Card>
  );
}
