import { Link } from 'wouter';
import type { Journey, Receipt } from '#core';
import { OwnerLink } from '../parts/owner-link.tsx';
import { formatAge } from '../words/durations.ts';
import { eventHref, searchHref } from '../words/links.ts';
import { spoken } from '../words/stages.ts';
import { formatClock, formatLongDay } from '../words/times.ts';
import type { Station } from './line.tsx';

type Found = Journey | Receipt;

/** Day and time of the event clock, in UTC. */
function Moment({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso}>
      {formatLongDay(iso)}, {formatClock(iso)} UTC
    </time>
  );
}

export function eventStation({ event, entity }: Found, stopped?: string): Station {
  return {
    name: 'Event',
    state: stopped === undefined ? 'done' : 'stopped',
    title: stopped ?? event.type,
    body: (
      <>
        <p>
          <Moment iso={event.time} />
        </p>
        {entity === null ? (
          <p className="soft">names no entity</p>
        ) : (
          <p>
            <span className="soft">{entity.property}</span>{' '}
            <Link href={searchHref({ entity: entity.value })}>{entity.value}</Link>
            {entity.isPseudonym ? <span className="tag">pseudonym</span> : null}
          </p>
        )}
      </>
    ),
  };
}

export function contractStation(contract: Journey['contract']): Station {
  return {
    name: 'Contract',
    state: 'done',
    title: 'valid',
    body: (
      <>
        <p>{`${contract.subject} v${contract.version}`}</p>
        <ContractOwner owner={contract.owner} />
      </>
    ),
  };
}

export function outcomeStation({ outcome, event }: Journey): Station {
  const { status, label, name, horizonEnds, maturedAt, settledBy, feedbackSeconds } = outcome;
  const what = spoken(name);
  if (status === 'open') {
    return {
      name: 'Outcome',
      state: 'open',
      title: 'open',
      body: (
        <>
          <p>{what}</p>
          <p>
            settles by <Moment iso={horizonEnds} />
          </p>
        </>
      ),
    };
  }
  return {
    name: 'Outcome',
    state: 'done',
    title: (
      <>
        <span className={`outcome-sign outcome-${label === 1 ? 'positive' : 'negative'}`} aria-hidden="true">
          {label === 1 ? '+' : '−'}
        </span>
        {label === 1 ? 'positive' : 'negative'}
      </>
    ),
    body: (
      <>
        <p>{label === 1 ? `${what}, ${after(feedbackSeconds)}` : `no ${what} within the horizon`}</p>
        {settledBy === null ? (
          <p>
            horizon passed <Moment iso={maturedAt ?? horizonEnds} />
          </p>
        ) : (
          <p>
            settled by <Link href={eventHref(settledBy)}>{settledBy.id}</Link>, <Moment iso={maturedAt ?? event.time} />
          </p>
        )}
      </>
    ),
  };
}

function after(seconds: number | null): string {
  return seconds === null ? 'in time' : `${formatAge(seconds)} later`;
}

/** Who answers for a contract. */
export function ContractOwner({ owner }: { readonly owner: string | null }) {
  if (owner === null) return <p className="soft">no owner is known</p>;
  return (
    <p className="soft">
      {'owner '}
      <OwnerLink name={owner} />
    </p>
  );
}
