import { describe, expect, it } from 'vitest';
import { sectionsOf } from '../../../../dashboards/console/runbooks/sections.ts';
import { verifiedWords } from '../../../../dashboards/console/runbooks/verified.ts';

const section = (title: string) => ({ title, html: `<p>${title}</p>` });

describe('the sections of a runbook', () => {
  it('hold what is live where they speak of it', () => {
    const sections = sectionsOf(['Meaning', 'Impact', 'Diagnosis', 'Mitigation'].map(section));
    expect(sections.map(({ live }) => live)).toEqual([undefined, undefined, 'checks', 'mitigations']);
  });

  it('get one more for what none of them speaks of', () => {
    const sections = sectionsOf([section('Meaning'), section('diagnosis')]);
    expect(sections.map(({ title, live, html }) => [title, live, html !== ''])).toEqual([
      ['Meaning', undefined, true],
      ['diagnosis', 'checks', true],
      ['Mitigation', 'mitigations', false],
    ]);
  });

  it('are proven by a drill, or not', () => {
    expect(verifiedWords(null)).toContain('no drill');
    expect(verifiedWords({ drill: 'F1', date: '2026-11-20', seconds: 11.6 })).toBe(
      'proven by drill F1 on 20 Nov 2026, in 11.6\u202fs',
    );
  });
});
