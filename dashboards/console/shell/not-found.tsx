import { Link } from 'wouter';
import { useTitle } from './title.ts';

export function NotFound({ path }: { readonly path: string }) {
  useTitle('Not found');
  return (
    <section className="not-found">
      <h1>There is no page at this address</h1>
      <p>
        <code>{path}</code> names no screen of the console. Events are at <code>/events/…</code>, traces at <code>/traces/…</code>
        ; the box above takes any event id, customer or trace id.
      </p>
      <p>
        <Link href="/">To the overview</Link>
      </p>
    </section>
  );
}
