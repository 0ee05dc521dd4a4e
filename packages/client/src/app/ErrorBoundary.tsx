// The last resort: a screen that failed says so, that the data is safe, and how to go on.
import { Component, type ReactNode } from 'react';
import { messages } from '../i18n/messages.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';

type Props = { children: ReactNode; onBackup?: () => void };
type State = { error: Error | undefined };

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main>
        <EmptyState
          frames={['empty', 'moon', 'empty']}
          chosen={1}
          title={messages.crashTitle}
          text={messages.crashText}
        >
          {this.props.onBackup !== undefined && (
            <Button onClick={this.props.onBackup}>{messages.saveBackup}</Button>
          )}
          <Button kind="primary" onClick={() => location.reload()}>
            {messages.reload}
          </Button>
        </EmptyState>
        <details>
          <summary>{messages.more}</summary>
          <pre>{error.message}</pre>
        </details>
      </main>
    );
  }
}
