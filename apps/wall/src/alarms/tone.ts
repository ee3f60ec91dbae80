/** Two short notes, in Hz and s: heard across a room, and soon over. */
const notes = [
  { frequency: 660, at: 0 },
  { frequency: 880, at: 0.18 },
];
const noteSeconds = 0.16;
const volume = 0.2;

/** Plays the tone of a new alarm. Browsers allow that after a first click or key on the page. */
export function playTone(): void {
  if (!navigator.userActivation.hasBeenActive) return;
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: volume });
  gain.connect(context.destination);
  for (const { frequency, at } of notes) {
    const note = new OscillatorNode(context, { frequency });
    note.connect(gain);
    note.start(context.currentTime + at);
    note.stop(context.currentTime + at + noteSeconds);
    if (at === notes.at(-1)?.at) note.onended = () => void context.close();
  }
}
