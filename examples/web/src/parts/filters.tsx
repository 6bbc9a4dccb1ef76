// One of several, each with how many it has.

interface FiltersProps<Name extends string> {
  label: string;
  options: readonly { name: Name; text: string; count?: number }[];
  value: Name;
  onChange(name: Name): void;
}

export function Filters<Name extends string>({ label, options, value, onChange }: FiltersProps<Name>) {
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">{label}</legend>
      {options.map(({ name, text, count }) => (
        <button key={name} type="button" aria-pressed={name === value} onClick={() => onChange(name)}>
          {text}
          {count !== undefined && <span className="count">{count.toLocaleString('en')}</span>}
        </button>
      ))}
    </fieldset>
  );
}
