import { literalOf } from './literals.ts';
import { refusal } from './refusals.ts';
import { type Piece, PLACEHOLDER } from './statement-text.ts';

/**
 * Puts values in the place of `{name:Type}` placeholders; each becomes one literal, whatever the value holds. chDB can bind
 * parameters itself, but then every such statement of the process waits for the one before.
 */
export function bindParameters(pieces: readonly Piece[], values: ReadonlyMap<string, string>): readonly Piece[] {
  return pieces.map((piece) => (piece.kind === 'placeholder' ? { kind: 'quoted', text: bound(piece.text, values) } : piece));
}

function bound(placeholder: string, values: ReadonlyMap<string, string>): string {
  PLACEHOLDER.lastIndex = 0;
  const [, name = '', type = ''] = PLACEHOLDER.exec(placeholder) ?? [];
  const value = values.get(name);
  if (value === undefined) {
    throw refusal('UNKNOWN_QUERY_PARAMETER', `Substitution \`${name}\` is not set: send it as param_${name}`);
  }
  return literalOf(type, value);
}
