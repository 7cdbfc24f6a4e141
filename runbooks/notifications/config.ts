import Type, { type Static } from 'typebox';

/** throughline.yaml: whom alerts are told. */
export const NotificationSection = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'What it is called on the alerts page.' }),
    kind: Type.Enum(['alertmanager', 'webhook'], {
      description:
        'alertmanager: its API (POST /api/v2/alerts); webhook: Alertmanager’s webhook payload, version 4, to the URL itself.',
    }),
    url: Type.String({ pattern: '^https?://', description: 'Base address of the Alertmanager, or the webhook’s own.' }),
    headers: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Sent along, such as an authorization.' })),
  },
  { additionalProperties: false },
);
export type NotificationTarget = Static<typeof NotificationSection>;

/** How a target is doing. */
export interface NotificationState {
  readonly name: string;
  readonly kind: NotificationTarget['kind'];
  readonly lastSuccessMs: number | null;
  readonly problem: string | null;
}
