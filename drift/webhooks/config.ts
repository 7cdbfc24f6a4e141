import Type, { type Static } from 'typebox';
import { CONTROL_TYPES, DURATION_PATTERN } from '#core';
import type { SigningKeys } from './signing-keys.ts';

const Duration = (description: string) =>
  Type.Optional(Type.String({ pattern: DURATION_PATTERN, description: `${description} A whole number and a unit: 15s, 3d.` }));

/** An item of `webhooks` in throughline.yaml: where facts of the control topic are sent. */
export const WebhookSection = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,39}$',
      description: 'Name of the endpoint: lower-case letters, digits and hyphens. What was delivered is remembered by it.',
    }),
    url: Type.String({ minLength: 1, description: 'Where facts are sent: https, or http on this machine.' }),
    types: Type.Optional(
      Type.Array(Type.Enum(Object.values(CONTROL_TYPES)), {
        minItems: 1,
        description: 'Types of the facts that are sent. Absent: all.',
      }),
    ),
    secretFrom: Type.String({
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description:
        'Name of the environment variable that holds the signing secret: whsec_ and the base64 of 24 to 64 bytes. Two of them, with a space between, while one replaces the other.',
    }),
    from: Type.Optional(
      Type.Enum(['end', 'start'], {
        default: 'end',
        description: 'Where a new endpoint begins: with what is raised from now on, or with the first fact there is.',
      }),
    ),
    timeout: Duration('How long an answer may take; default: 15s.'),
    giveUpAfter: Duration('How long a fact is tried for before the next one is sent; default: 3d.'),
    allowInsecure: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether http to another machine is allowed: what is sent can be read on the way.',
      }),
    ),
  },
  { additionalProperties: false, description: 'An HTTP endpoint that facts are sent to, signed.' },
);
export type WebhookSection = Static<typeof WebhookSection>;

/** An endpoint with its defaults and its secret. */
export interface WebhookEndpoint {
  readonly name: string;
  readonly url: string;
  /** undefined: all. */
  readonly types: readonly string[] | undefined;
  readonly keys: SigningKeys;
  readonly from: 'end' | 'start';
  readonly timeoutMs: number;
  readonly giveUpAfterMs: number;
}

/** Defaults of what a webhook leaves out. */
export const WEBHOOK_DEFAULTS = { from: 'end', timeout: '15s', giveUpAfter: '3d', allowInsecure: false } as const;
