import type { Receipt } from '#core';
import { formatCount, plural } from '../words/numbers.ts';
import { spoken } from '../words/stages.ts';
import type { Station } from './line.tsx';
import { ContractOwner, contractStation, eventStation } from './stations.tsx';

const AHEAD = { state: 'ahead', title: 'not reached', body: null } as const;
const FEATURES_AHEAD: Station = { name: 'Features', ...AHEAD };
const PREDICTION_AHEAD: Station = { name: 'Prediction', ...AHEAD };
const OUTCOME_AHEAD: Station = { name: 'Outcome', ...AHEAD };

/** How far an event came that was not scored, and where its way ends. */
export function receiptStations(receipt: Receipt): readonly Station[] {
  switch (receipt.fate) {
    case 'quarantined':
      return [eventStation(receipt), refused(receipt), FEATURES_AHEAD, PREDICTION_AHEAD, OUTCOME_AHEAD];
    case 'late':
    case 'duplicate':
      return [
        eventStation(receipt, stoppedWord(receipt)),
        { name: 'Contract', ...AHEAD },
        FEATURES_AHEAD,
        PREDICTION_AHEAD,
        OUTCOME_AHEAD,
      ];
    case 'used_by_features':
      return [eventStation(receipt), contract(receipt), taken(receipt), used(receipt)];
    case 'accepted':
    case 'without_entity':
    case 'scored':
    case 'collecting':
      return [eventStation(receipt), contract(receipt), notTaken(receipt), PREDICTION_AHEAD, OUTCOME_AHEAD];
  }
}

function stoppedWord({ fate, duplicateOf }: Receipt): string {
  if (fate === 'late') return 'late';
  return duplicateOf === null ? 'duplicate' : `duplicate of offset ${duplicateOf}`;
}

function contract(receipt: Receipt): Station {
  return receipt.contract === null
    ? { name: 'Contract', state: 'done', title: 'valid', body: null }
    : contractStation(receipt.contract);
}

function refused({ contract: found, reason }: Receipt): Station {
  return {
    name: 'Contract',
    state: 'stopped',
    title: 'refused',
    body: (
      <>
        <p>{found === null ? 'no contract fits' : `${found.subject} v${found.version}`}</p>
        {reason === null ? null : <p className="soft">{reason}</p>}
        {found === null || found.owner === null ? null : <ContractOwner owner={found.owner} />}
      </>
    ),
  };
}

function taken({ views }: Receipt): Station {
  return {
    name: 'Features',
    state: 'done',
    title: `counted by ${plural(views.length, 'view')}`,
    body: <p>{views.map(spoken).join(', ')}</p>,
  };
}

function used({ usedBy, usedByMore }: Receipt): Station {
  if (usedBy.length === 0)
    return { name: 'Predictions', state: 'open', title: 'none yet', body: <p>None has read these features since.</p> };
  return {
    name: 'Predictions',
    state: 'done',
    title: `used by ${usedByMore ? 'more than ' : ''}${formatCount(usedBy.length)}`,
    body: <p>{usedByMore ? 'The first of them are listed below.' : 'Listed below, each with its journey.'}</p>,
  };
}

function notTaken({ fate }: Receipt): Station {
  return {
    name: 'Features',
    state: 'stopped',
    title: fate === 'without_entity' ? 'names nobody' : 'no view uses it',
    body: (
      <p>
        {fate === 'without_entity'
          ? 'There is nobody to count it for or to score.'
          : 'It is valid, and nothing more happens to it.'}
      </p>
    ),
  };
}
