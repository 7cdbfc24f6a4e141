import type { CheckResult } from '#core';
import { formatMs } from '../words/durations.ts';
import { ANSWERS } from '../words/incidents.ts';
import { plural } from '../words/numbers.ts';
import { Fold } from './fold.tsx';
import { Empty } from './notes.tsx';
import { FoldedQuery } from './query-text.tsx';
import { RowsTable } from './rows-table.tsx';

const SIGNS: Readonly<Record<CheckResult['answer'], string>> = { yes: '✓', no: '–', unclear: '?', failed: '×' };

/** A runbook's checks with what they answered, what that means, and the rows and the SQL behind it. */
export function Checks({ checks }: { readonly checks: readonly CheckResult[] }) {
  if (checks.length === 0) return <Empty>This runbook has no checks.</Empty>;
  return (
    <ol className="checks">
      {checks.map((check, index) => (
        <Check key={check.query} check={check} number={index + 1} />
      ))}
    </ol>
  );
}

function Check({ check, number }: { readonly check: CheckResult; readonly number: number }) {
  const { question, answer, meaning, columns, rows, sql, tookMs } = check;
  const told = rows.length === 0 ? 'query' : `${plural(rows.length, 'row')} and query`;
  return (
    <li className={`check answer-${answer}`}>
      <span className="check-answer" title={ANSWERS[answer].meaning}>
        <span className="answer-sign" aria-hidden="true">
          {SIGNS[answer]}
        </span>
        {ANSWERS[answer].name}
      </span>
      <div className="check-body">
        <h3>{question}</h3>
        <p>{meaning}</p>
        <Fold name="check" id={String(number)} summary={<span className="soft">{told}</span>}>
          {answer === 'failed' ? null : <RowsTable rows={rows} columns={columns} label={`Rows of check ${number}`} />}
          <FoldedQuery text={sql} what={`SQL of check ${number}`} />
          <p className="fine">{`took ${formatMs(tookMs)}`}</p>
        </Fold>
      </div>
    </li>
  );
}
