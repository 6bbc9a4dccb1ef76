// A view's heading. It takes the focus when the view is gone to.

export function Heading({ title, lead }: { title: string; lead: string }) {
  return (
    <div className="heading">
      <h1 tabIndex={-1}>{title}</h1>
      <p className="muted">{lead}</p>
    </div>
  );
}
