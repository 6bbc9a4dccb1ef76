// How far something has come.

interface ProgressProps {
  label: string;
  done: number;
  total: number;
  /** What is said beside it. */
  text: string;
}

export function Progress({ label, done, total, text }: ProgressProps) {
  return (
    <div className="progress">
      <progress aria-label={label} max={Math.max(total, 1)} value={done} />
      <p className="muted">{text}</p>
    </div>
  );
}
