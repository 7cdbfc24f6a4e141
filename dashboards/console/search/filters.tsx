import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { FATE_NAMES, FATES } from '../words/fates.ts';
import { beginOfDay, type Parameters } from './parameters.ts';

type Change = Readonly<Record<string, string | undefined>>;

interface FiltersProps {
  readonly parameters: Parameters;
  readonly onChange: (change: Change) => void;
}

interface Option {
  readonly value: string;
  readonly name: string;
}

const FATE_OPTIONS: readonly Option[] = [
  { value: '', name: 'any' },
  ...FATE_NAMES.map((fate) => ({ value: fate, name: FATES[fate].name })),
];
const LABEL_OPTIONS: readonly Option[] = [
  { value: '', name: 'any' },
  { value: '1', name: 'positive' },
  { value: '0', name: 'negative' },
];
const ORDER_OPTIONS: readonly Option[] = [
  { value: '', name: 'newest first' },
  { value: 'oldest', name: 'oldest first' },
  { value: 'slowest', name: 'slowest first (live)' },
];

/** Filters take effect as they change; text on Enter or when the field is left. */
export function Filters({ parameters, onChange }: FiltersProps) {
  const { fate, decision, label, entity, from, to, breached, order } = parameters;
  return (
    <form className="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Field name="entity">
        <TextInput value={entity} placeholder="customer or pseudonym" onCommit={(value) => onChange({ entity: value })} />
      </Field>
      <Field name="fate">
        <Choice value={fate} options={FATE_OPTIONS} onChoose={(value) => onChange({ fate: value })} />
      </Field>
      <Field name="decision">
        <TextInput value={decision} placeholder="any" onCommit={(value) => onChange({ decision: value })} />
      </Field>
      <Field name="outcome">
        <Choice value={label} options={LABEL_OPTIONS} onChoose={(value) => onChange({ label: value })} />
      </Field>
      <Field name="from (UTC)">
        <DayInput value={from} onCommit={(value) => onChange({ from: value })} />
      </Field>
      <Field name="before (UTC)">
        <DayInput value={to} onCommit={(value) => onChange({ to: value })} />
      </Field>
      <Field name="order">
        <Choice value={order} options={ORDER_OPTIONS} onChoose={(value) => onChange({ order: value })} />
      </Field>
      <label className="field field-check">
        <input
          type="checkbox"
          checked={breached === 'true'}
          onChange={(event) => onChange({ breached: event.currentTarget.checked ? 'true' : undefined })}
        />
        <span>breaches only</span>
      </label>
      <Rest parameters={parameters} onChange={onChange} />
      {Object.keys(parameters).length === 0 ? null : (
        <Link href="/search" className="filters-clear">
          clear all
        </Link>
      )}
    </form>
  );
}

/** Filters that have no field, as what they are: a link made them, and they can be taken off. */
function Rest({ parameters, onChange }: FiltersProps) {
  const rest = (['pipeline', 'reason', 'traceId'] as const).filter((name) => parameters[name] !== undefined);
  return (
    <>
      {rest.map((name) => (
        <button key={name} type="button" className="chip chip-remove" onClick={() => onChange({ [name]: undefined })}>
          {`${name === 'traceId' ? 'trace' : name}: ${parameters[name] ?? ''}`} <span aria-hidden="true">×</span>
          <span className="visually-hidden">, remove this filter</span>
        </button>
      ))}
    </>
  );
}

function Field({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <label className="field">
      <span>{name}</span>
      {children}
    </label>
  );
}

interface TextInputProps {
  readonly value: string | undefined;
  readonly placeholder: string;
  readonly onCommit: (value: string | undefined) => void;
}

function TextInput({ value = '', placeholder, onCommit }: TextInputProps) {
  const commit = (text: string): void => {
    const trimmed = text.trim();
    if (trimmed !== value) onCommit(trimmed === '' ? undefined : trimmed);
  };
  return (
    <input
      key={value}
      type="text"
      defaultValue={value}
      placeholder={placeholder}
      autoComplete="off"
      spellcheck={false}
      onBlur={(event) => commit(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(event.currentTarget.value);
      }}
    />
  );
}

function DayInput({
  value,
  onCommit,
}: {
  readonly value: string | undefined;
  readonly onCommit: (value: string | undefined) => void;
}) {
  const day = value?.slice(0, 10) ?? '';
  return (
    <input
      key={day}
      type="date"
      defaultValue={day}
      onBlur={(event) => {
        if (event.currentTarget.value !== day) onCommit(beginOfDay(event.currentTarget.value));
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onCommit(beginOfDay(event.currentTarget.value));
      }}
    />
  );
}

interface ChoiceProps {
  readonly value: string | undefined;
  readonly options: readonly Option[];
  readonly onChoose: (value: string | undefined) => void;
}

function Choice({ value = '', options, onChoose }: ChoiceProps) {
  return (
    <select
      value={value}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        onChoose(chosen === '' ? undefined : chosen);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  );
}
