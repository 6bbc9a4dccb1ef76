// The page's signs, drawn by hand. They say nothing that the text beside them does not say.

const paths = {
  lead: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5',
  list: 'M4 6h16M4 12h16M4 18h10',
  scheduled: 'M5 6h14v14H5zM5 10h14M9 3.5v4M15 3.5v4',
  campaigns: 'M4 10v4h3l8 4V6l-8 4H4Zm15-1.5c1 1.8 1 5.2 0 7',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  alert: 'M12 4 3 19.5h18L12 4Zm0 6v4m0 2.8v.1',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5m0-8.2v.1',
  upload: 'M12 16V5m-4.5 4L12 4.5 16.5 9M4 16v3.5h16V16',
} as const;

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
