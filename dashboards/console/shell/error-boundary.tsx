import { Component, type ReactNode } from 'react';
import { Note } from '../parts/notes.tsx';

/** A page that fails takes neither the header nor the other pages with it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly message: string | undefined }> {
  override state: { readonly message: string | undefined } = { message: undefined };

  static override getDerivedStateFromError(error: unknown): { readonly message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.message === undefined) return this.props.children;
    return (
      <Note kind="problem">
        <p>This page could not be shown: {this.state.message}. After an update of the server, reloading mends it.</p>
        <p className="note-actions">
          <button type="button" className="button" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      </Note>
    );
  }
}
