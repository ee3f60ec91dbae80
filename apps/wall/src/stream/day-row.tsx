/** From here on down it is this day. */
export function DayRow({ day }: { day: string }) {
  return (
    <h2 className="flex h-full items-center gap-3 text-sm font-semibold text-muted">
      {day}
      <span className="h-px flex-1 bg-line" />
    </h2>
  );
}
