import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { driftsQuery, modelsQuery } from '../api/governance.ts';
import { alertsQuery, incidentsQuery, runbooksQuery } from '../api/operations.ts';
import { findQuery } from '../api/queries.ts';
import { type Choice, choicesFor, namedPlaces, operationsPlaces } from './choices.ts';

const TYPING_PAUSE_MS = 150;

/** The one box as state: what was typed, what was found, which choice is active, and what keys do. */
export interface CommandState {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly text: string;
  readonly isOpen: boolean;
  readonly choices: readonly Choice[];
  /** Index of a choice; -1 for none. */
  readonly active: number;
  /** A sentence above the choices. */
  readonly note: string | undefined;
  readonly onText: (text: string) => void;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onChoose: (href: string) => void;
}

/** The text once typing has paused. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

/** What the API found for a text. `find` asks now, for whoever does not wait for the pause. */
function useFound(asked: string, isOpen: boolean) {
  const client = useQueryClient();
  const paused = usePaused(asked);
  const { data, error, isPlaceholderData } = useQuery(findQuery(isOpen ? paused : ''));
  // Not by the answer's own `query`: where it is personal data, it comes back masked.
  const answer = asked === '' || asked !== paused || isPlaceholderData ? undefined : data;
  return { answer, note: noteFor(asked, { answer, error }), find: () => client.query(findQuery(asked)) };
}

/** What the workspace has by name, once the box has been opened; none where the API does not tell them. */
function useNamed(isOpen: boolean): readonly Choice[] {
  const { data: models } = useQuery({ ...modelsQuery, enabled: isOpen });
  const { data: drifts } = useQuery({ ...driftsQuery, enabled: isOpen });
  const { data: list } = useQuery({ ...incidentsQuery, enabled: isOpen });
  const { data: rules } = useQuery({ ...alertsQuery, enabled: isOpen });
  const { data: pages } = useQuery({ ...runbooksQuery, enabled: isOpen });
  return [
    ...namedPlaces(models?.models, drifts?.jobs),
    ...operationsPlaces({ incidents: list?.incidents, alerts: rules?.alerts, runbooks: pages?.runbooks }),
  ];
}

export function useCommand(): CommandState {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isOpen, onOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [, navigate] = useLocation();
  const asked = text.trim();
  const { answer, note, find } = useFound(asked, isOpen);
  const choices = choicesFor(asked, answer, useNamed(isOpen));

  const onText = (next: string): void => {
    setText(next);
    onOpen(true);
    setActive(-1);
  };
  const onChoose = (href: string): void => {
    onText('');
    onOpen(false);
    input.current?.blur();
    navigate(href);
  };
  const submit = async (): Promise<void> => {
    const chosen = choices[active];
    if (chosen !== undefined) return onChoose(chosen.href);
    if (asked === '') return undefined;
    const { matches } = await find();
    // What the API finds comes first; a place is gone to at once only where nothing else is meant.
    const [only, ...more] = matches.length > 0 ? matches : choices;
    if (only !== undefined && more.length === 0) return onChoose(only.href);
    onOpen(true);
    return setActive(only === undefined ? -1 : 0);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      onOpen(true);
      setActive(stepped({ active, step, count: choices.length }));
    } else if (event.key === 'Escape') input.current?.blur();
    // A look-up that fails is told by the list, which asks for the same.
    else if (event.key === 'Enter') submit().catch(() => onOpen(true));
    else return;
    event.preventDefault();
  };
  return { input, text, isOpen, choices, active, note, onText, onOpen, onKey, onChoose };
}

/** The next choice, around the ends; from none, the first or the last. */
function stepped({ active, step, count }: { readonly active: number; readonly step: number; readonly count: number }): number {
  if (count === 0) return -1;
  return active < 0 && step < 0 ? count - 1 : (active + step + count) % count;
}

interface Found {
  readonly answer: { readonly hint: string | null } | undefined;
  readonly error: Error | null;
}

function noteFor(asked: string, { answer, error }: Found): string | undefined {
  if (asked === '') return undefined;
  if (error !== null) return error.message;
  return answer === undefined ? 'Looking …' : (answer.hint ?? undefined);
}
