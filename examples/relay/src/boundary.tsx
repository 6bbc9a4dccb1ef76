// Where an error that is thrown while something is drawn ends: a query's, above all.

import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** All others go on to the boundary around this one. */
  catches(error: Error): boolean;
  fallback(error: Error, reset: () => void): ReactNode;
  children: ReactNode;
}

export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    const { catches, fallback, children } = this.props;
    if (error === null) return children;
    if (!catches(error)) throw error;
    return fallback(error, () => this.setState({ error: null }));
  }
}
