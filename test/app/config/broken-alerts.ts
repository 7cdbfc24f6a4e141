import type { BrokenWorkspace } from './workspace-fixture.ts';

const slo = (lines: string): string => `slo: fast\nowner: data\ndescription: Fast.\npipeline: again\n${lines}\n`;
const alert = (lines: string): string => `owner: data\ndescription: Watched.\npipeline: again\n${lines}\n`;

/** SLOs that cannot fire, and alerts with what they do not know. */
export const BROKEN_ALERTS: readonly BrokenWorkspace[] = [
  [
    'an objective that no page can be made of',
    [{ file: 'slos/fast.yaml', by: slo('sli: latency\nobjective: 0.92\nperiod: 30d') }],
    [
      'slos/fast.yaml:6:12 an objective of 0.92 in 30d can never fire its page over 1h and 5m (14.4 times the budget): all events would have to be bad, and more; write more than 0.931, or a shorter period',
    ],
  ],
  [
    'an objective that two rows cannot be made of',
    [{ file: 'slos/fast.yaml', by: slo('sli: latency\nobjective: 0.8\nperiod: 30d') }],
    [
      'slos/fast.yaml:6:12 an objective of 0.8 in 30d can never fire its page over 1h and 5m (14.4 times the budget) and its page over 6h and 30m (6 times the budget): all events would have to be bad, and more; write more than 0.931, or a shorter period',
    ],
  ],
  [
    'a period within its own windows, of a pipeline that is not there',
    [
      {
        file: 'slos/fast.yaml',
        by: slo('sli: latency\nobjective: 0.99\nperiod: 2d').replace('pipeline: again', 'pipeline: agian'),
      },
    ],
    [
      'slos/fast.yaml:4:11 pipeline agian is not a pipeline (pipelines/*.yaml); did you mean again?',
      'slos/fast.yaml:7:9 period 2d is shorter than the longest window of the alerts, 3d; write a longer one, such as 30d',
    ],
  ],
  [
    'a retraining without a target, and a target of something else',
    [
      { file: 'slos/fast.yaml', by: slo('sli: latency\nobjective: 0.99\nperiod: 30d\ntarget: 1d') },
      { file: 'slos/trained.yaml', by: slo('sli: retraining\nobjective: 0.9\nperiod: 30d').replace('fast', 'trained') },
    ],
    [
      "slos/fast.yaml:8:1 latency has no target; leave 'target' out",
      "slos/trained.yaml:5:6 retraining needs a target: how long a training may take from the request to promoted or refused; add 'target', such as target: 35d",
    ],
  ],
  [
    'an alert that an SLO makes',
    [{ file: 'alerts/burn.yaml', by: alert('alert: LatencyBudgetBurn\nseverity: page') }],
    [
      'alerts/burn.yaml:4:8 LatencyBudgetBurn is an SLO’s alert, and follows from its file (slos/*.yaml); write the SLO instead of this file',
    ],
  ],
  [
    'parameters that an alert does not know',
    [
      { file: 'alerts/dog.yaml', by: alert('alert: Watchdog\nseverity: page\nthreshold: 2\nwindow: 5m') },
      { file: 'alerts/silent.yaml', by: alert('alert: PipelineSilent\nseverity: none') },
    ],
    [
      'alerts/dog.yaml:5:11 severity of Watchdog is page, and it always fires; write none',
      "alerts/dog.yaml:6:1 Watchdog has no threshold; leave 'threshold' out",
      "alerts/dog.yaml:7:1 Watchdog has no window; leave 'window' out",
      'alerts/silent.yaml:5:11 severity of PipelineSilent is none, and it is about a failure; write ticket or page',
    ],
  ],
  [
    'an alert that there is not, of a pipeline that there is not',
    [
      {
        file: 'alerts/silent.yaml',
        by: alert('alert: PipelineSilent\nseverity: page').replace('pipeline: again', 'pipeline: agin'),
      },
      { file: 'alerts/stuck.yaml', by: alert('alert: EventStruck\nseverity: page') },
    ],
    [
      'alerts/silent.yaml:3:11 pipeline agin is not a pipeline (pipelines/*.yaml); did you mean again?',
      /^alerts\/stuck\.yaml:4:8 alert must be one of .*did you mean EventStuck\?$/u,
    ],
  ],
];
