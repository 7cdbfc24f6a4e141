import type { LogPosition } from '#core';
import type { Fault } from '#runbooks';
import type { ContractGate, Stage } from '#runtime';
import type { Injection } from './injection.ts';

/** The consumer leaves, and the producers go on. */
export function injectDeath(): Injection {
  return {
    seams: {},
    begin: async ({ stopConsumer }) => {
      await stopConsumer();
      return {};
    },
  };
}

/** The first event of a partition that is read from now on makes its contract's check throw, each time. */
export function injectPoison({ partition, message }: Extract<Fault, { readonly name: 'F15' }>): Injection {
  let isOn = false;
  let poison: LogPosition | undefined;
  let poisoned: unknown;
  const choose = (batch: Parameters<Stage['run']>[0]): void => {
    poisoned = undefined;
    for (const item of batch.items) {
      if (item.kind !== 'event' || item.record.partition !== partition || item.data === undefined) continue;
      poison ??= { topic: item.record.topic, partition, offset: item.record.offset };
      if (item.record.offset === poison.offset) poisoned = item.data;
    }
  };
  return {
    onError: 'stop',
    seams: {
      stages: (stages) =>
        stages.map((stage) =>
          stage.name === 'contract'
            ? {
                ...stage,
                run: (batch, signal) => {
                  if (isOn) choose(batch);
                  return stage.run(batch, signal);
                },
              }
            : stage,
        ),
      gate: (gate: ContractGate): ContractGate => ({
        judge: (event, data) => {
          if (data !== undefined && data === poisoned) throw new TypeError(message);
          return gate.judge(event, data);
        },
      }),
    },
    begin: async () => {
      isOn = true;
      return {};
    },
    learnt: () => (poison === undefined ? {} : { poison }),
  };
}
