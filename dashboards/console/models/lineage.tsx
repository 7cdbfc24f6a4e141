import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ModelVersionView } from '#core';
import { CopyableId } from '../parts/copy-button.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { CAUSES } from '../words/governance.ts';
import { modelHref } from '../words/links.ts';
import { formatCount, formatFigure, formatShare, formatValue, NO_FIGURE, plural } from '../words/numbers.ts';
import { formatLongDay, formatWindow } from '../words/times.ts';
import { trainingFigures } from './training-figures.ts';

interface LineageProps {
  readonly name: string;
  readonly version: ModelVersionView;
}

interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** What a version came from: enough to make it again. */
export function Lineage({ name, version }: LineageProps) {
  const { metrics, parameters } = version;
  return (
    <section className="lineage">
      <h3>Lineage</h3>
      <Facts facts={[requestFact(name, version), ...dataFacts(version)]} />
      <h3>Figures of its training</h3>
      <TrainingFiguresTable metrics={metrics} />
      <h3>Algorithm</h3>
      <Facts
        facts={[
          { name: 'algorithm', value: version.algorithm ?? NO_FIGURE },
          ...Object.entries(parameters)
            .filter(([, value]) => !isLong(value))
            .map(([parameter, value]) => ({ name: parameter, value: parameterWord(value) })),
        ]}
        isNarrow
      />
      {Object.entries(parameters)
        .filter(([, value]) => isLong(value))
        .map(([parameter, value]) => (
          <details key={parameter} className="inputs">
            <summary>{parameter}</summary>
            <JsonView value={parsed(String(value))} />
          </details>
        ))}
      <h3>What runs</h3>
      <Facts facts={artefactFacts(version)} />
    </section>
  );
}

const LONG = 32;

/** Such as the specification of all inputs: opened when asked for. */
function isLong(value: number | string): boolean {
  return String(value).length > LONG;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function TrainingFiguresTable({ metrics }: Pick<ModelVersionView, 'metrics'>) {
  const { rows, others } = trainingFigures(metrics);
  return (
    <>
      {rows.length === 0 ? null : (
        <table className="grid compared-table">
          <thead>
            <tr>
              {['measure', 'training', 'held out'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, training, heldOut }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{figureWord(training)}</td>
                <td>{figureWord(heldOut)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {others.length === 0 ? null : (
        <Facts facts={others.map(({ name, value }) => ({ name, value: figureWord(value) }))} isNarrow />
      )}
    </>
  );
}

/** Counts as they are, measures with three digits. */
function figureWord(value: number | null): string {
  return value !== null && value > 1 && Number.isInteger(value) ? formatCount(value) : formatFigure(value);
}

function parameterWord(value: number | string): string {
  return typeof value === 'number' ? formatValue(value) : value;
}

function requestFact(name: string, { requestId, cause }: ModelVersionView): Fact {
  return {
    name: 'request',
    value: (
      <>
        <Link href={modelHref(name, { request: requestId })}>{requestId}</Link>
        {cause === null ? null : <span className="soft">{`, for ${CAUSES[cause]}`}</span>}
      </>
    ),
  };
}

function dataFacts({ trainedOn, dataFingerprint, inputs }: ModelVersionView): readonly Fact[] {
  const window: readonly Fact[] =
    trainedOn === null
      ? []
      : [
          { name: 'data window', value: formatWindow(trainedOn) },
          {
            name: 'rows',
            value: `${formatCount(trainedOn.rows)}, ${formatCount(trainedOn.positives)} positive (${formatShare(trainedOn.positives, trainedOn.rows)})`,
          },
        ];
  return [
    ...window,
    ...(dataFingerprint === null ? [] : [{ name: 'data', value: <CopyableId text={dataFingerprint} what="data fingerprint" /> }]),
    { name: 'inputs', value: <Inputs inputs={inputs} /> },
  ];
}

function Inputs({ inputs }: { readonly inputs: readonly string[] }) {
  return (
    <details className="inputs">
      <summary>{plural(inputs.length, 'feature')}</summary>
      <ul>
        {inputs.map((input) => (
          <li key={input}>{input}</li>
        ))}
      </ul>
    </details>
  );
}

function artefactFacts({ onnxSha256, parity, trainedBy, shadow, isBaseline }: ModelVersionView): readonly Fact[] {
  return [
    { name: 'ONNX', value: <CopyableId text={onnxSha256} what="sha256 of the ONNX file" /> },
    {
      name: 'parity',
      value: parity === null ? NO_FIGURE : `${parity.toExponential(1)} at most between ONNX and direct computation`,
    },
    { name: 'trained by', value: trainedBy ?? NO_FIGURE },
    ...(shadow === null ? [] : [{ name: isBaseline ? 'in shadow' : 'on trial', value: spanWords(shadow) }]),
  ];
}

function spanWords({ from, to }: { readonly from: string; readonly to: string | null }): string {
  return to === null ? `since ${formatLongDay(from)}` : formatWindow({ from, to });
}

function Facts({ facts, isNarrow = false }: { readonly facts: readonly Fact[]; readonly isNarrow?: boolean }) {
  if (facts.length === 0) return <p className="empty">none are told</p>;
  return (
    <dl className={isNarrow ? 'facts facts-narrow' : 'facts'}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
