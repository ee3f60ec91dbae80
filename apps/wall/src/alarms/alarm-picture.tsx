import type { Alarm } from '@se5/client';
import { FacePicture } from '../ui/event-pictures.tsx';
import { useImages } from '../ui/use-images.ts';

interface AlarmPictureProps {
  readonly event: NonNullable<Alarm['lastEvent']>;
  readonly className: string;
}

/** The face of the alarm's last event. */
export function AlarmPicture({ event, className }: AlarmPictureProps) {
  return <FacePicture images={useImages(event)} className={className} />;
}
