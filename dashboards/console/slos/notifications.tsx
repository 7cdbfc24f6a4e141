import type { AlertList } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { formatTime } from '../words/times.ts';

type Notification = AlertList['notifications'][number];

/** Whether somebody outside would be told. */
export function Notifications({ notifications }: Pick<AlertList, 'notifications'>) {
  return (
    <Card title="Who is told" className="notifications">
      {notifications.length === 0 ? (
        <Empty>
          Alerts go nowhere outside this process: name an Alertmanager or a webhook in throughline.yaml. Incidents are opened all
          the same.
        </Empty>
      ) : null}
      <ul>
        {notifications.map((notification) => (
          <NotificationItem key={notification.name} notification={notification} />
        ))}
      </ul>
    </Card>
  );
}

function NotificationItem({ notification: { name, kind, lastSuccess, problem } }: { readonly notification: Notification }) {
  return (
    <li>
      <span className={`notification-sign ${problem === null ? 'good' : 'bad'}`} aria-hidden="true">
        {problem === null ? '✓' : '×'}
      </span>
      <div>
        <p>
          <strong>{name}</strong> <span className="soft">{kind === 'alertmanager' ? 'Alertmanager' : 'webhook'}</span>
        </p>
        <p className={problem === null ? 'soft' : 'bad'}>{problem ?? told(lastSuccess)}</p>
        {problem === null ? null : <p className="fine">{told(lastSuccess)}</p>}
      </div>
    </li>
  );
}

function told(lastSuccess: string | null): string {
  return lastSuccess === null ? 'nothing has been sent to it yet' : `took what was sent last at ${formatTime(lastSuccess)}`;
}
