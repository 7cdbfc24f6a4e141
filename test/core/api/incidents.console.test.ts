import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { describe, expect, it } from 'vitest';
import { AlertList, IncidentAnswer, IncidentList, RunbookAnswer, RunbookList, SloList, TeamAnswer } from '#core';
import { alerts, slos } from '../../dashboards/console/answers/alerts.ts';
import { FINGERPRINTS, TEAMS } from '../../dashboards/console/answers/incident-parts.ts';
import { incidentAnswer, incidents } from '../../dashboards/console/answers/incidents.ts';
import { runbookAnswer, runbooks, teamAnswer } from '../../dashboards/console/answers/runbooks.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats });

function faults(schema: object, answer: unknown): readonly string[] {
  const check = ajv.compile(schema);
  return check(answer) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

describe('what the fixture answers in the place of a server fits the schemas of the API', () => {
  it.each(['live', 'backlog'] as const)('lists, %s', (scenario) => {
    expect(faults(IncidentList, incidents(scenario))).toEqual([]);
    expect(faults(AlertList, alerts(scenario))).toEqual([]);
    expect(faults(SloList, slos(scenario))).toEqual([]);
    expect(faults(RunbookList, runbooks())).toEqual([]);
  });

  it.each(Object.entries(FINGERPRINTS))('the incident %s', (_name, fingerprint) => {
    expect(faults(IncidentAnswer, incidentAnswer(fingerprint))).toEqual([]);
  });

  it('an incident of a list alone, one that is diagnosed meanwhile, and none', () => {
    const [old] = incidents('live').incidents.toReversed();
    expect(faults(IncidentAnswer, incidentAnswer(old?.fingerprint ?? '', { startsAt: old?.startsAt }))).toEqual([]);
    const state = { said: new Map(), isDiagnosed: true };
    const diagnosed = incidentAnswer(FINGERPRINTS.diagnosing, { state });
    expect(faults(IncidentAnswer, diagnosed)).toEqual([]);
    expect(diagnosed?.diagnosis?.hypotheses[0]?.cause).toBe('poison_event');
    expect(incidentAnswer('0000000000000000')).toBeUndefined();
  });

  it('runbooks and teams', () => {
    for (const { alert } of runbooks().runbooks) expect(faults(RunbookAnswer, runbookAnswer(alert, 'live'))).toEqual([]);
    for (const { name } of Object.values(TEAMS)) expect(faults(TeamAnswer, teamAnswer(name, 'live'))).toEqual([]);
  });
});
