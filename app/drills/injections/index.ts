import type { Fault } from '#runbooks';
import { injectDeath, injectPoison } from './consumer-faults.ts';
import { injectIntoHistory } from './history-faults.ts';
import type { Injection } from './injection.ts';
import { injectCandidate } from './model-faults.ts';
import { injectLoss, injectOutcomeFault, injectSlowness } from './stage-faults.ts';

/** What makes a fault happen in the running parts of a line. `column` is a feature's column among the model's inputs. */
// oxlint-disable-next-line complexity -- one case a fault, and no logic in any
export function createInjection(fault: Fault, column: (feature: string) => number): Injection {
  switch (fault.name) {
    case 'F0':
      return {
        seams: {},
        begin: async ({ changes, definition }) => {
          await changes.record({
            kind: 'deploy',
            subject: definition.name,
            version: '1.7.3',
            summary: `${definition.name} deployed`,
            actor: 'growth-analytics',
          });
          return {};
        },
      };
    case 'F1':
      return injectSlowness(fault);
    case 'F3':
      return injectDeath();
    case 'F5':
    case 'F6':
    case 'F7':
      return injectIntoHistory(fault);
    case 'F9':
      return injectLoss(fault);
    case 'F10':
      return injectCandidate(fault, column);
    case 'F12':
      return injectOutcomeFault(fault);
    case 'F15':
      return injectPoison(fault);
  }
}
