import { describe, expect, test } from 'vitest';
import { Lifecycle } from '../../app/lifecycle.ts';

describe('the lifecycle', () => {
  test('undoes in reverse order, once, and goes on behind a cleanup that fails', async () => {
    const lifecycle = new Lifecycle();
    const undone: string[] = [];
    lifecycle.onStop('the first', () => void undone.push('first'));
    lifecycle.onStop('the broken one', () => Promise.reject(new Error('it is stuck')));
    lifecycle.onStop('the last', () => void undone.push('last'));
    const failures = await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(undone).toEqual(['last', 'first']);
    expect(failures[0]).toEqual(['stopping the broken one failed: it is stuck']);
    expect(failures[1]).toBe(failures[0]);
  });
});
