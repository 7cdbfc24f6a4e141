import type { Journey } from '#core';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { JsonView, Maskable } from '../parts/json-view.tsx';
import { Empty } from '../parts/notes.tsx';

/** The event as it came: headers, key and data, with personal data masked and said to be so. */
export function RawEnvelope({ raw }: { readonly raw: Journey['raw'] }) {
  if (raw.status === 'not_shown') {
    return (
      <Card title="Raw envelope" className="raw">
        <Empty>{raw.reason}</Empty>
      </Card>
    );
  }
  const { headers, key, data, masked, note } = raw;
  const copy = <CopyButton text={JSON.stringify({ headers, key, data }, null, 2)} what="envelope as JSON" />;
  return (
    <Card title="Raw envelope" aside={copy} className="raw">
      <div className="raw-parts">
        <section aria-label="Headers">
          <h3>headers</h3>
          <dl className="facts">
            {Object.entries(headers).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Maskable text={value} />
                </dd>
              </div>
            ))}
            <div>
              <dt>key</dt>
              <dd>
                <Maskable text={key ?? 'none'} />
              </dd>
            </div>
          </dl>
        </section>
        <section aria-label="Data">
          <h3>data</h3>
          <JsonView value={data} />
          {masked.length === 0 ? null : (
            <p className="fine">
              {'Personal data is masked at '}
              {masked.map((pointer) => (
                <code key={pointer} className="chip">
                  {pointer}
                </code>
              ))}
            </p>
          )}
          {note === null ? null : <p className="fine">{note}</p>}
        </section>
      </div>
    </Card>
  );
}
