import type { RunbookAnswer } from '#core';

export interface RunbookSection {
  readonly title: string;
  readonly html: string;
  /** What is live in it. */
  readonly live: 'checks' | 'mitigations' | undefined;
}

const LIVE = { Diagnosis: 'checks', Mitigation: 'mitigations' } as const;

/** The page's sections, with what is live where they speak of it; a section of its own where none does. */
export function sectionsOf(sections: RunbookAnswer['sections']): readonly RunbookSection[] {
  const told = sections.map(
    ({ title, html }): RunbookSection => ({
      title,
      html,
      live: Object.entries(LIVE).find(([name]) => name.toLowerCase() === title.trim().toLowerCase())?.[1],
    }),
  );
  const untold = Object.entries(LIVE).filter(([, live]) => !told.some((section) => section.live === live));
  return [...told, ...untold.map(([title, live]): RunbookSection => ({ title, html: '', live }))];
}
